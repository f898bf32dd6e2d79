import { z } from 'zod'
import { SseReader } from '../../src/kit/sse-reader.ts'

/** What the gateway itself emits must have the shapes of OpenAI's published API description. */

const error = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
})

const usage = z
  .looseObject({
    prompt_tokens: z.number().int(),
    completion_tokens: z.number().int(),
    total_tokens: z.number().int(),
  })
  .nullable()

const finish = z.string().nullable()

const completion = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({
      index: z.number().int(),
      finish_reason: finish,
      message: z.looseObject({ role: z.literal('assistant').optional() }),
    }),
  ),
  usage: usage.optional(),
})

const chunk = z.looseObject({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.looseObject({ index: z.number().int(), delta: z.looseObject({}), finish_reason: finish }),
  ),
  usage: usage.optional(),
})

/** Throws where an answer to a chat request has not the shape it must have. */
export function checkShape(
  status: number,
  headers: Headers,
  { json, text }: { readonly json: unknown; readonly text: string },
): void {
  const type = headers.get('content-type') ?? ''
  if (status >= 400) error.parse(json)
  else if (type.includes('text/event-stream')) {
    const reader = new SseReader(text.length * 4 + 1)
    for (const event of [...reader.push(Buffer.from(text)), reader.end()]) {
      const data = event?.data ?? '[DONE]'
      if (data !== '[DONE]') chunk.parse(JSON.parse(data))
    }
  } else if (status === 200) completion.parse(json)
}
