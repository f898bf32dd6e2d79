import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { LogLevel } from '../app/app-options.ts'
import { type Language, say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { nearestName } from '../kit/nearest-name.ts'

const COMMANDS = [
  'serve',
  'demo',
  'check',
  'route',
  'import',
  'keys',
  'admin',
  'drill',
  'schema',
  'bench',
  'eval',
  'replay',
  'learn',
  'version',
  'help',
] as const
type Command = (typeof COMMANDS)[number]

export interface CliOptions {
  readonly command: Command
  readonly positionals: readonly string[]
  readonly configPath: string | null
  readonly port: number | null
  readonly host: string | null
  readonly dataDir: string
  readonly logLevel: LogLevel
  readonly logFormat: 'pretty' | 'json'
  readonly language: Language
  readonly json: boolean
  readonly out: string | null
  readonly force: boolean
  /** How long a new key lives, in days; null: for ever. */
  readonly expiresDays: number | null
  /** Bounds of the time that is looked at; null: none. */
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly adminToken: string | null
}

export type ParsedArguments =
  | { readonly kind: 'options'; readonly options: CliOptions }
  | { readonly kind: 'usage'; readonly message: string }

type Env = Readonly<Record<string, string | undefined>>

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'silent']
const FORMATS = ['pretty', 'json'] as const

const OPTIONS = {
  config: { type: 'string', short: 'c' },
  port: { type: 'string', short: 'p' },
  host: { type: 'string', short: 'H' },
  'data-dir': { type: 'string' },
  'log-level': { type: 'string' },
  'log-format': { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
  out: { type: 'string' },
  expires: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const

/** Flags and environment to options; a mistake becomes one line that names the nearest word. */
export function parseArguments(
  argv: readonly string[],
  env: Env,
  isTerminal: boolean,
): ParsedArguments {
  const { tokens, values, positionals } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const read = (name: keyof typeof OPTIONS): string | null => {
    const given = values[name]
    if (typeof given === 'string') return given
    const fromEnv = env[`SMARTROUTE_${name.toUpperCase().replaceAll('-', '_')}`]
    return fromEnv === undefined || fromEnv === '' ? null : fromEnv
  }
  const language = languageOf(read('lang'), env)
  const usage = (text: string): ParsedArguments => ({
    kind: 'usage',
    message: `smartroute: ${text}\n${say(cliMessages.seeHelp, language)}`,
  })
  const mistake = tokens.map((token) => wrongOption(token, language)).find((text) => text !== null)
  if (mistake !== undefined && mistake !== null) return usage(mistake)
  const [first = 'serve', ...rest] = positionals
  const command = values['help'] === true ? 'help' : values['version'] === true ? 'version' : first
  if (!isCommand(command)) return usage(unknown('unknownCommand', command, COMMANDS, language))
  const checked = checkValues(read, language)
  if (typeof checked === 'string') return usage(checked)
  const period = checkPeriod(read, language)
  if (typeof period === 'string') return usage(period)
  const configPath = read('config')
  return {
    kind: 'options',
    options: {
      ...checked,
      ...period,
      command,
      positionals: rest,
      configPath,
      host: read('host'),
      dataDir: resolve(read('data-dir') ?? dataFolder(env)),
      logFormat: checked.logFormat ?? (isTerminal ? 'pretty' : 'json'),
      language,
      json: values['json'] === true,
      out: read('out'),
      force: values['force'] === true,
      adminToken: env['SMARTROUTE_ADMIN_TOKEN'] || null,
    },
  }
}

interface OptionToken {
  readonly kind: string
  readonly name?: string
  readonly rawName?: string
  readonly value?: string | undefined
}

/** What is wrong with one argument, or null. */
function wrongOption(token: OptionToken, language: Language): string | null {
  if (token.kind !== 'option') return null
  const { name = '', rawName = '', value } = token
  if (!(name in OPTIONS)) return unknown('unknownOption', rawName, optionNames(), language)
  const { type } = OPTIONS[name as keyof typeof OPTIONS]
  const isMissing = type === 'string' && (value === undefined || value === '')
  return isMissing ? `${rawName}: ${say(cliMessages.needsValue, language)}` : null
}

interface CheckedValues {
  readonly port: number | null
  readonly logLevel: LogLevel
  readonly logFormat: 'pretty' | 'json' | null
  readonly expiresDays: number | null
}

function checkValues(
  read: (name: keyof typeof OPTIONS) => string | null,
  language: Language,
): CheckedValues | string {
  const wrong = (name: string, choices: readonly string[]): string =>
    `${name}: ${say(cliMessages.oneOf, language, { choices: choices.join(', ') })}`
  const port = read('port')
  if (port !== null && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    return `--port: ${say(cliMessages.notAPort, language)}`
  }
  const level = read('log-level') ?? 'info'
  const logLevel = LEVELS.find((candidate) => candidate === level)
  if (logLevel === undefined) return wrong('--log-level', LEVELS)
  const format = read('log-format')
  const logFormat = format === null ? null : FORMATS.find((candidate) => candidate === format)
  if (logFormat === undefined) return wrong('--log-format', FORMATS)
  const lang = read('lang')
  if (lang !== null && lang !== 'en' && lang !== 'zh') return wrong('--lang', ['en', 'zh'])
  const expires = read('expires')
  if (expires !== null && !/^[1-9]\d{0,4}$/.test(expires)) {
    return `--expires: ${say(cliMessages.notDays, language)}`
  }
  return {
    port: port === null ? null : Number(port),
    logLevel,
    logFormat,
    expiresDays: expires === null ? null : Number(expires),
  }
}

function checkPeriod(
  read: (name: keyof typeof OPTIONS) => string | null,
  language: Language,
): Pick<CliOptions, 'fromMs' | 'toMs'> | string {
  const fromMs = timeOf(read('from'))
  const toMs = timeOf(read('to'))
  const wrong = [fromMs, toMs].findIndex(Number.isNaN)
  if (wrong < 0) return { fromMs, toMs }
  return `${wrong === 0 ? '--from' : '--to'}: ${say(cliMessages.notATime, language)}`
}

/** Epoch milliseconds of an ISO 8601 time; NaN where it is none. */
function timeOf(text: string | null): number | null {
  if (text === null) return null
  return /^\d{4}-\d{2}-\d{2}(?:$|T)/.test(text) ? Date.parse(text) : Number.NaN
}

function isCommand(name: string): name is Command {
  return (COMMANDS as readonly string[]).includes(name)
}

function optionNames(): string[] {
  return Object.keys(OPTIONS).map((name) => `--${name}`)
}

function unknown(
  code: 'unknownOption' | 'unknownCommand',
  name: string,
  known: readonly string[],
  language: Language,
): string {
  const near = nearestName(name, known)
  const hint = near === null ? '' : say(cliMessages.didYouMean, language, { near })
  return say(cliMessages[code], language, { name }) + hint
}

function languageOf(given: string | null, env: Env): Language {
  // POSIX: a variable that is set to nothing counts as one that is not set.
  const wanted = given ?? (env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '')
  return wanted.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

/** Where the platform keeps what programs write for themselves. */
function dataFolder(env: Env): string {
  if (process.platform === 'win32' && env['LOCALAPPDATA'])
    return join(env['LOCALAPPDATA'], 'smartroute')
  if (process.platform === 'darwin')
    return join(homedir(), 'Library', 'Application Support', 'smartroute', 'data')
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'smartroute')
}
