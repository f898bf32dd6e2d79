import { z } from 'zod'
import type { rowMessages } from '../../contract/messages/eval.ts'
import { type Tier, TIERS } from '../../contract/tier.ts'
import { type HumanAsk, readHumanAsk } from '../human-ask.ts'
import type { Message } from '../message.ts'
import { languageOf, languageOfTag } from './language.ts'

/** A prompt whose right tier somebody knows. */
export interface Labelled {
  readonly id: string
  readonly ask: HumanAsk
  readonly messages: readonly Message[]
  readonly tier: Tier
  readonly lang: string
  readonly isBorderline: boolean
  /** The last request in another language, where somebody translated it. */
  readonly translation: string | null
}

/** What is wrong with a line, by its number; `found` is what stands there instead. */
export interface RowProblem extends RowFault {
  readonly line: number
}

interface RowFault {
  readonly cause: keyof typeof rowMessages
  readonly found: string
}

export type LabelledFile =
  | { readonly kind: 'rows'; readonly rows: readonly Labelled[] }
  /** The first problems, and how many there are. */
  | { readonly kind: 'invalid'; readonly problems: readonly RowProblem[]; readonly count: number }

const PROBLEMS_MAX = 10
const KEYS_MAX = 12
const FOUND_CHARS_MAX = 200

/** Reads JSON lines of {prompt | messages, tier, lang?, note?, translation?}. */
export function readLabelled(text: string): LabelledFile {
  const rows: Labelled[] = []
  const problems: RowProblem[] = []
  let count = 0
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const row = readRow(line, String(index + 1))
    if (row.kind === 'row') {
      rows.push(row.labelled)
      continue
    }
    count += row.faults.length
    const room = PROBLEMS_MAX - problems.length
    problems.push(...row.faults.slice(0, room).map((fault) => ({ line: index + 1, ...fault })))
  }
  return count === 0 ? { kind: 'rows', rows } : { kind: 'invalid', problems, count }
}

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string().optional(), text: z.string().optional() })),
  z.null(),
])

const rowSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  prompt: z.string().nullish(),
  messages: z
    .array(z.looseObject({ role: z.string(), content: contentSchema.optional() }))
    .nullish(),
  lang: z.string().nullish(),
  note: z.string().nullish(),
  translation: z.string().nullish(),
})

type Row =
  | { readonly kind: 'row'; readonly labelled: Labelled }
  | { readonly kind: 'faulty'; readonly faults: readonly RowFault[] }

function readRow(line: string, idElse: string): Row {
  const value = objectOf(line)
  if (value === null) return { kind: 'faulty', faults: [{ cause: 'notJson', found: '' }] }
  const tier = tierOf(value['tier'])
  const shape = rowSchema.safeParse(value)
  const seen = shape.success ? messagesOf(shape.data) : null
  const faults = [
    ...(shape.success ? askFaults(value, seen) : shape.error.issues.map(shapeFault)),
    ...(tier === null ? [tierFault(value)] : []),
  ]
  if (!shape.success || seen === null || tier === null || faults.length > 0) {
    return { kind: 'faulty', faults }
  }
  const { id, lang, note, translation } = shape.data
  const ask = readHumanAsk(seen)
  const labelled = {
    id: String(id ?? idElse),
    ask,
    messages: seen,
    tier,
    lang: (lang ?? '').trim() === '' ? languageOf(ask.text) : languageOfTag(lang ?? ''),
    isBorderline: (note ?? '') !== '',
    translation: translation ?? null,
  }
  return { kind: 'row', labelled }
}

function messagesOf({ prompt, messages }: z.infer<typeof rowSchema>): readonly Message[] | null {
  if (isMissing(messages) && isMissing(prompt)) return null
  const given = messages ?? [{ role: 'user', content: prompt }]
  return given.map(({ role, content }) => messageOf(role, content ?? ''))
}

/** Without words or an image of a user there is nothing to judge. */
function askFaults(
  value: Readonly<Record<string, unknown>>,
  seen: readonly Message[] | null,
): readonly RowFault[] {
  if (seen === null) return [{ cause: 'noPrompt', found: keysOf(value) }]
  const isAsked = seen.some(
    ({ role, text, images }) => role === 'user' && (text.trim() !== '' || images > 0),
  )
  if (isAsked) return []
  return [{ cause: isMissing(value['messages']) ? 'emptyPrompt' : 'noUserMessage', found: '' }]
}

function tierFault(value: Readonly<Record<string, unknown>>): RowFault {
  const { tier } = value
  return isMissing(tier)
    ? { cause: 'noTier', found: keysOf(value) }
    : { cause: 'unknownTier', found: shown(tier) }
}

function shapeFault({ path }: z.core.$ZodIssue): RowFault {
  return { cause: 'wrongType', found: shown(path.join('.')) }
}

function tierOf(value: unknown): Tier | null {
  if (typeof value !== 'string') return null
  const wanted = value.toLowerCase()
  return TIERS.find((tier) => tier === wanted) ?? null
}

/** Exports of tables write null where a column has nothing. */
function isMissing(value: unknown): boolean {
  return (value ?? null) === null
}

function keysOf(value: object): string {
  return shown(Object.keys(value).slice(0, KEYS_MAX))
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, FOUND_CHARS_MAX)
}

function messageOf(
  role: string,
  content: string | readonly { type?: string | undefined; text?: string | undefined }[],
): Message {
  const isToolResult = role === 'tool'
  if (typeof content === 'string') return { role, text: content, images: 0, isToolResult }
  const images = content.filter(({ type }) => type?.includes('image')).length
  return { role, text: content.map(({ text }) => text ?? '').join('\n'), images, isToolResult }
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}
