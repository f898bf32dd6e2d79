import { readFileSync } from 'node:fs'
import { maskSecrets } from '../admin/config-view.ts'
import { editConfigText } from '../config/edit.ts'
import type { Problem } from '../config/problem.ts'
import type { ConfigHistory, ConfigVersion } from '../storage/config-history.ts'
import { replaceFile } from '../storage/write-file.ts'
import type { LiveConfig } from './live-config.ts'

export interface ConfigChange {
  /** The revision it was made from. */
  readonly from: string
  readonly author: string
  readonly note: string
  /** The whole document as it was shown, changed; or the whole text. */
  readonly document: unknown
  readonly text: string | null
}

export type ConfigChanged =
  | { readonly kind: 'applied' }
  | { readonly kind: 'no_file' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown_revision' }
  | { readonly kind: 'masked' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'not_written'; readonly detail: string }

export interface ConfigEditorParts {
  readonly path: string | null
  readonly config: LiveConfig
  readonly history: () => ConfigHistory
  readonly now: () => number
}

const MASK = '••••'
const HISTORY_SHOWN = 100

/** Changes the configuration file for the admin API: checked, written whole, kept in the history. */
export class ConfigEditor {
  readonly #parts: ConfigEditorParts

  constructor(parts: ConfigEditorParts) {
    this.#parts = parts
  }

  change(change: ConfigChange): ConfigChanged {
    return orNotWritten(() => this.#change(change))
  }

  rollback(revision: string, author: string): ConfigChanged {
    return orNotWritten(() => this.#rollback(revision, author))
  }

  #change({ from, author, note, document, text }: ConfigChange): ConfigChanged {
    const { path, config } = this.#parts
    if (path === null) return { kind: 'no_file' }
    const old = readFileSync(path, 'utf8')
    if (from !== config.current.revision || !config.isCurrent(old)) return { kind: 'conflict' }
    const next = text ?? editConfigText(old, maskSecrets(config.current.document), document)
    if (next.includes(MASK)) return { kind: 'masked' }
    return this.#apply(path, { old, next, author, note })
  }

  #rollback(revision: string, author: string): ConfigChanged {
    const { path, history } = this.#parts
    if (path === null) return { kind: 'no_file' }
    const next = history().textOf(revision)
    if (next === null) return { kind: 'unknown_revision' }
    const old = readFileSync(path, 'utf8')
    return this.#apply(path, { old, next, author, note: `rollback to ${revision}` })
  }

  versions(): readonly ConfigVersion[] {
    return this.#parts.history().list(HISTORY_SHOWN)
  }

  #apply(
    path: string,
    { old, next, author, note }: { old: string; next: string; author: string; note: string },
  ): ConfigChanged {
    const { config, history, now } = this.#parts
    const checked = config.check(next)
    if (!checked.ok) {
      const problems = checked.problems.filter(({ severity }) => severity === 'error')
      return { kind: 'invalid', problems }
    }
    const before = { revision: config.current.revision, at: now(), author: 'file', note: '' }
    if (config.isCurrent(old)) history().add(before, old)
    const { revision } = checked.snapshot
    // Before the file: a version that never ran is better than one that cannot be found again.
    history().add({ revision, at: now(), author, note }, next)
    replaceFile(path, next)
    // The watcher would see it too; the caller must not have to wait for that.
    config.take(next)
    return { kind: 'applied' }
  }
}

/** A disk that refuses is an answer, not a bug. */
function orNotWritten(act: () => ConfigChanged): ConfigChanged {
  try {
    return act()
  } catch (error) {
    return { kind: 'not_written', detail: error instanceof Error ? error.message : String(error) }
  }
}
