export interface Message {
  readonly role: string
  readonly text: string
  readonly reasoning: string
  readonly images: number
  readonly calls: readonly { readonly name: string; readonly arguments: string }[]
}

/** The messages of a chat request, whatever forms their contents have. */
export function messagesOf(request: unknown): readonly Message[] {
  const messages = field(request, 'messages')
  return Array.isArray(messages) ? messages.map((message) => messageOf(message)) : []
}

/** The message of a chat completion; null where there is none. */
export function answerOf(response: unknown): Message | null {
  const choices = field(response, 'choices')
  const message = Array.isArray(choices) ? field(choices[0], 'message') : undefined
  return message === undefined || message === null ? null : messageOf(message)
}

function messageOf(message: unknown): Message {
  const content = field(message, 'content')
  const parts = Array.isArray(content) ? (content as unknown[]) : []
  const calls = field(message, 'tool_calls')
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
    calls: (Array.isArray(calls) ? calls : []).map((call) => ({
      name: textOf(field(field(call, 'function'), 'name')),
      arguments: textOf(field(field(call, 'function'), 'arguments')),
    })),
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
