import { field, itemsOf, textOf } from '@/lib/json-value.ts'

export interface Message {
  readonly role: string
  readonly text: string
  readonly reasoning: string
  readonly images: number
  readonly calls: readonly { readonly name: string; readonly arguments: string }[]
}

/** The messages of a chat request, whatever forms their contents have. */
export function messagesOf(request: unknown): readonly Message[] {
  return itemsOf(field(request, 'messages')).map((message) => messageOf(message))
}

/** The message of a chat completion; null where there is none. */
export function answerOf(response: unknown): Message | null {
  const message = field(itemsOf(field(response, 'choices'))[0], 'message')
  return message === undefined || message === null ? null : messageOf(message)
}

function messageOf(message: unknown): Message {
  const content = field(message, 'content')
  const parts = itemsOf(content)
  return {
    role: textOf(field(message, 'role')) || 'assistant',
    text:
      typeof content === 'string'
        ? content
        : parts
            .map((part) => textOf(field(part, 'text')))
            .filter(Boolean)
            .join('\n'),
    reasoning: textOf(field(message, 'reasoning_content')) || textOf(field(message, 'reasoning')),
    images: parts.filter((part) => /image/.test(textOf(field(part, 'type')))).length,
    calls: itemsOf(field(message, 'tool_calls')).map((call) => ({
      name: textOf(field(field(call, 'function'), 'name')),
      arguments: textOf(field(field(call, 'function'), 'arguments')),
    })),
  }
}
