import { readFileSync } from 'node:fs'
import { differences } from '../config/differences.ts'
import { editConfigText } from '../config/edit.ts'
import { maskText, unmaskText } from '../config/mask-text.ts'
import { MASK, maskSecrets } from '../config/secret-path.ts'
import { revisionOf } from '../config/compile.ts'
import type { ConfigResult } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import type { ConfigHistory, ConfigVersion } from '../storage/config-history.ts'
import { createFile, replaceFile } from '../storage/write-file.ts'
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
  | { readonly kind: 'conflict'; readonly revision: string; readonly text: string }
  | { readonly kind: 'unknown_revision' }
  | { readonly kind: 'masked' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'not_written'; readonly detail: string }

export interface ConfigPreview {
  readonly ok: boolean
  readonly problems: readonly Problem[]
  readonly before: string
  readonly after: string
  readonly document: unknown
  readonly changes: ReturnType<typeof differences>
}

export interface ConfigEditorParts {
  readonly path: string | null
  /** Where the first change of a gateway without a file writes one. */
  readonly newPath: string
  /** The text that runs where there is no file. */
  readonly builtIn: string
  readonly onCreated: (path: string) => void
  readonly config: LiveConfig
  readonly history: () => ConfigHistory
  readonly now: () => number
}

const HISTORY_SHOWN = 100

/** Changes the configuration file for the admin API: checked, written whole, kept in the history. */
export class ConfigEditor {
  readonly #parts: ConfigEditorParts
  #path: string | null

  constructor(parts: ConfigEditorParts) {
    this.#parts = parts
    this.#path = parts.path
  }

  change(change: ConfigChange): ConfigChanged {
    return orNotWritten(() => this.#change(change))
  }

  rollback(revision: string, author: string): ConfigChanged {
    return orNotWritten(() => this.#rollback(revision, author))
  }

  get path(): string | null {
    return this.#path
  }

  /** The file as it is written, its secrets masked. */
  file(): { readonly revision: string; readonly path: string | null; readonly text: string } {
    const text = this.#read()
    return { revision: revisionOf(text), path: this.#path, text: this.#masked(text) }
  }

  /** What a change would come to. */
  preview({ document, text }: Pick<ConfigChange, 'document' | 'text'>): ConfigPreview {
    const { config } = this.#parts
    const old = this.#read()
    const next = this.#next(old, { document, text })
    const checked = config.check(next)
    const before = maskSecrets(config.current.document)
    const after = checked.ok ? maskSecrets(checked.snapshot.document) : null
    return {
      ok: checked.ok && !next.includes(MASK),
      problems: checked.ok ? checked.warnings : checked.problems,
      before: this.#masked(old),
      after: this.#masked(next),
      document: after,
      changes: after === null ? [] : differences(before, after),
    }
  }

  /** What a document, its secrets masked as it was shown, would compile to. */
  check(document: unknown): ConfigResult {
    return this.#parts.config.check(this.#next(this.#read(), { document, text: null }))
  }

  /** The text of an earlier version, masked; null where it cannot be read. */
  versionText(revision: string): string | null {
    const text = this.#parts.history().textOf(revision)
    return text === null ? null : this.#masked(text)
  }

  #change({ from, author, note, document, text }: ConfigChange): ConfigChanged {
    const old = this.#read()
    // The text in the file, whether it runs or not: one that was broken by hand can be mended.
    const revision = revisionOf(old)
    if (from !== revision) return { kind: 'conflict', revision, text: this.#masked(old) }
    const next = this.#next(old, { document, text })
    if (next.includes(MASK)) return { kind: 'masked' }
    return this.#apply({ old, next, author, note })
  }

  #rollback(revision: string, author: string): ConfigChanged {
    const next = this.#parts.history().textOf(revision)
    if (next === null) return { kind: 'unknown_revision' }
    return this.#apply({ old: this.#read(), next, author, note: `rollback to ${revision}` })
  }

  #masked(text: string): string {
    return maskText(text, this.#parts.config.current.secrets)
  }

  #read(): string {
    return this.#path === null ? this.#parts.builtIn : readFileSync(this.#path, 'utf8')
  }

  #next(old: string, { document, text }: Pick<ConfigChange, 'document' | 'text'>): string {
    const running = this.#parts.config.current.document
    const shown = text ?? editConfigText(old, maskSecrets(running), document)
    return unmaskText(shown, old, running)
  }

  versions(): readonly ConfigVersion[] {
    return this.#parts.history().list(HISTORY_SHOWN)
  }

  #apply({
    old,
    next,
    author,
    note,
  }: {
    readonly old: string
    readonly next: string
    readonly author: string
    readonly note: string
  }): ConfigChanged {
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
    const path = this.#path ?? this.#parts.newPath
    if (this.#path === null) createFile(path, next)
    else replaceFile(path, next)
    // The watcher would see it too; the caller must not have to wait for that.
    config.take(next)
    if (this.#path === null) {
      this.#path = path
      this.#parts.onCreated(path)
    }
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
