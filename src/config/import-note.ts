import type { Message, Values } from '../contract/message.ts'
import type { importMessages } from '../contract/messages/import.ts'

export interface ImportNote {
  readonly message: Message
  readonly values: Values
}

/** Notes what changed its meaning. */
export type Note = (code: keyof typeof importMessages, values?: Values) => void

/** Our ids are letters, digits, dot, dash and underscore. */
export function providerId(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'provider'
}
