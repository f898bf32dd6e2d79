import { type ConfigResult, type LoadedConfig, loadConfigText } from '../config/load.ts'
import { revisionOf } from '../config/compile.ts'
import type { Problem } from '../config/problem.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Language } from '../contract/message.ts'

export interface LiveConfigContext {
  readonly path: string | null
  readonly language: Language
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Holds the running configuration. A text that does not validate never replaces it: the last
 * good version stays until a better one comes.
 */
export class LiveConfig {
  readonly #context: LiveConfigContext
  readonly #started: Snapshot['server']
  #onTaken: (snapshot: Snapshot) => void = () => {}
  #current: Snapshot
  /** What is wrong with the newest text of the file, running or not. */
  problems: readonly Problem[]

  constructor(first: LoadedConfig, context: LiveConfigContext) {
    this.#context = context
    this.#started = first.snapshot.server
    this.#current = first.snapshot
    this.problems = first.warnings
  }

  get current(): Snapshot {
    return this.#current
  }

  /** What a text would come to, without taking it. */
  check(text: string): ConfigResult {
    const { path, language, env } = this.#context
    return loadConfigText(text, { configPath: path, language, env, started: this.#started })
  }

  /** Told of each version before anything of it can be recorded. */
  onTaken(listener: (snapshot: Snapshot) => void): void {
    this.#onTaken = listener
  }

  /** Whether a text is the one that runs. */
  isCurrent(text: string): boolean {
    return revisionOf(text) === this.#current.revision
  }

  take(text: string): ConfigResult {
    const result = this.check(text)
    this.problems = result.ok ? result.warnings : result.problems
    if (result.ok) {
      this.#current = result.snapshot
      this.#onTaken(result.snapshot)
    }
    return result
  }
}
