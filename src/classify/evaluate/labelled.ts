import { z } from 'zod'
import type { Tier } from '../../contract/tier.ts'
import { type HumanAsk, readHumanAsk } from '../human-ask.ts'
import type { Message } from '../message.ts'

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

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string().optional(), text: z.string().optional() })),
  z.null(),
])

const rowSchema = z
  .looseObject({
    id: z.union([z.string(), z.number()]).optional(),
    prompt: z.string().optional(),
    messages: z
      .array(z.looseObject({ role: z.string(), content: contentSchema.optional() }))
      .optional(),
    tier: z.string().regex(/^[tT][123]$/),
    lang: z.string().optional(),
    note: z.string().nullish(),
    translation: z.string().nullish(),
  })
  .refine((row) => row.prompt !== undefined || row.messages !== undefined)

export type LabelledFile =
  | { readonly kind: 'rows'; readonly rows: readonly Labelled[] }
  | { readonly kind: 'invalid'; readonly line: number }

/** Reads JSON lines of {prompt | messages, tier, lang?, note?, translation?}. */
export function readLabelled(text: string): LabelledFile {
  const rows: Labelled[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const row = rowSchema.safeParse(parsed(line))
    if (!row.success) return { kind: 'invalid', line: index + 1 }
    const { id, prompt, messages, tier, lang, note, translation } = row.data
    const given = messages ?? [{ role: 'user', content: prompt }]
    const seen = given.map(({ role, content }) => messageOf(role, content ?? ''))
    rows.push({
      id: String(id ?? index + 1),
      ask: readHumanAsk(seen),
      messages: seen,
      tier: tier.toLowerCase() as Tier,
      lang: lang ?? 'unknown',
      isBorderline: (note ?? '') !== '',
      translation: translation ?? null,
    })
  }
  return { kind: 'rows', rows }
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

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
