import { call } from '@/api/client.ts'
import { field, itemsOf, textOf } from '@/lib/json-value.ts'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string | readonly unknown[]
}

export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  readonly stream: boolean
  readonly [parameter: string]: unknown
}

/** What is known of an answer while it comes and after. */
export interface Answer {
  readonly text: string
  readonly reasoning: string
  readonly requestId: string | null
  readonly tier: string | null
  readonly model: string | null
  readonly reason: string | null
  readonly attempts: number | null
  readonly firstTokenMs: number | null
  readonly totalMs: number | null
  readonly error: string | null
  readonly finish: string | null
}

export const NO_ANSWER: Answer = {
  text: '',
  reasoning: '',
  requestId: null,
  tier: null,
  model: null,
  reason: null,
  attempts: null,
  firstTokenMs: null,
  totalMs: null,
  error: null,
  finish: null,
}

let key: { readonly value: string; readonly expiresAt: number } | null = null

/** A short-lived key of the gateway's own making; a new one shortly before the old one ends. */
async function playgroundKey(): Promise<string> {
  if (key === null || key.expiresAt - Date.now() < 60_000) {
    const made = await call('post', '/playground/key')
    key = { value: made.key, expiresAt: made.expires_at }
  }
  return key.value
}

/** One chat completion through the gateway, told piece by piece. Never rejects. */
export async function chat(
  request: ChatRequest,
  signal: AbortSignal,
  onAnswer: (answer: Answer) => void,
): Promise<void> {
  const startedAt = performance.now()
  let answer = NO_ANSWER
  const tell = (part: Partial<Answer>): void => {
    answer = { ...answer, ...part }
    onAnswer(answer)
  }
  try {
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await playgroundKey()}`,
      },
      body: JSON.stringify(request),
      signal,
    })
    const header = (name: string): string | null => response.headers.get(name)
    const attempts = Number(header('x-smartroute-attempts') ?? NaN)
    tell({
      requestId: header('x-request-id'),
      tier: header('x-smartroute-tier'),
      model: header('x-smartroute-model'),
      reason: header('x-smartroute-reason'),
      attempts: Number.isNaN(attempts) ? null : attempts,
    })
    if (!response.ok || !request.stream) {
      tell({ ...readWhole(await response.json()), firstTokenMs: performance.now() - startedAt })
    } else {
      await readStream(response, (piece) => {
        const first = answer.firstTokenMs ?? performance.now() - startedAt
        tell({
          text: answer.text + piece.text,
          reasoning: answer.reasoning + piece.reasoning,
          error: piece.error ?? answer.error,
          finish: piece.finish ?? answer.finish,
          firstTokenMs: piece.text === '' && piece.reasoning === '' ? answer.firstTokenMs : first,
        })
      })
    }
  } catch (error) {
    if (!signal.aborted) tell({ error: error instanceof Error ? error.message : String(error) })
  }
  tell({ totalMs: performance.now() - startedAt })
}

interface Piece {
  readonly text: string
  readonly reasoning: string
  readonly finish: string | null
  readonly error: string | null
}

async function readStream(response: Response, onPiece: (piece: Piece) => void): Promise<void> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let waiting = ''
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
    if (done || value === undefined) return
    waiting += value
    const lines = waiting.split('\n')
    waiting = lines.pop() ?? ''
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line.trimEnd())?.[1]
      if (data !== undefined && data !== '[DONE]') onPiece(readPiece(JSON.parse(data)))
    }
  }
}

function readPiece(value: unknown): Piece {
  const choice = itemsOf(field(value, 'choices'))[0]
  const delta = field(choice, 'delta')
  return {
    text: textOf(field(delta, 'content')),
    reasoning: textOf(field(delta, 'reasoning_content')) || textOf(field(delta, 'reasoning')),
    finish: textOf(field(choice, 'finish_reason')) || null,
    error: textOf(field(field(value, 'error'), 'message')) || null,
  }
}

function readWhole(value: unknown): Piece {
  const choice = itemsOf(field(value, 'choices'))[0]
  const message = field(choice, 'message')
  return {
    text: textOf(field(message, 'content')),
    reasoning: textOf(field(message, 'reasoning_content')) || textOf(field(message, 'reasoning')),
    finish: textOf(field(choice, 'finish_reason')) || null,
    error: textOf(field(field(value, 'error'), 'message')) || null,
  }
}
