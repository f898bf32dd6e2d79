import { expect, it } from 'vitest'
import { z } from 'zod'
import { routeInputSchema } from './shapes.ts'

it('the schema of a dry run says what its validation asks for: a text or messages', () => {
  const schema = z.toJSONSchema(routeInputSchema, { io: 'input' })
  const asked = (schema.anyOf ?? []).map((one) => (one as { required?: unknown }).required)
  expect(asked).toEqual([['text'], ['messages']])
  for (const input of [{}, { messages: [] }]) {
    expect(routeInputSchema.safeParse(input).success).toBe(false)
  }
  expect(routeInputSchema.safeParse({ text: '' }).success).toBe(true)
})
