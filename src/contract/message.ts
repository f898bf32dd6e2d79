/**
 * The catalogue of everything an operator reads, in both languages at once: a text that exists in
 * one language only does not compile. `{name}` stands for a value.
 */
export type Language = 'en' | 'zh'

export interface Message {
  readonly en: string
  readonly zh: string
}

export type Values = Readonly<Record<string, string | number>>

/** Fills the placeholders of one catalogue entry. An unknown placeholder stays visible. */
export function say(message: Message, language: Language, values: Values = {}): string {
  return message[language].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  )
}
