import type { Language } from '../contract/message.ts'

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Everything `serve` needs from the outside: flags, environment, folders. */
export interface AppOptions {
  /** Null: run on `configText` without a file (the demo). */
  readonly configPath: string | null
  readonly configText: string
  readonly dataDir: string
  /** Flags that win over the file. */
  readonly host: string | null
  readonly port: number | null
  readonly logLevel: LogLevel
  readonly logFormat: 'pretty' | 'json'
  readonly language: Language
  readonly adminToken: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}
