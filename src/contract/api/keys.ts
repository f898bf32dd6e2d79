import { z } from 'zod'
import { defineOperation } from './operation.ts'

const nullableTime = z.number().nullable()

const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  source: z.enum(['store', 'file']).describe('made here, or written in the configuration file'),
  created_at: nullableTime,
  revoked_at: nullableTime,
  expires_at: nullableTime,
  last_used_at: nullableTime,
  requests_24h: z.number(),
  cost_usd_24h: z.number(),
  series: z.array(z.number()).describe('requests per hour over the last day'),
})

export const listKeys = defineOperation({
  id: 'listKeys',
  method: 'get',
  path: '/keys',
  summary: 'Gateway keys; a key itself is never shown again',
  input: z.object({}),
  output: z.object({ items: z.array(keySchema) }),
})

const name = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{C}]+$/u, 'no control characters')
  .refine((text) => !text.startsWith('file:'), 'names with file: belong to the configuration')

export const createKey = defineOperation({
  id: 'createKey',
  method: 'post',
  path: '/keys',
  summary: 'Makes a gateway key; it is in the answer and nowhere else',
  input: z.object({ name, expires_at: nullableTime.default(null) }),
  output: z.object({ key: z.string(), record: keySchema }),
})

export const rotateKey = defineOperation({
  id: 'rotateKey',
  method: 'post',
  path: '/keys/{id}/rotate',
  summary: 'Makes a key of the same name; the old one works on for a while',
  input: z.object({
    overlap_ms: z
      .number()
      .int()
      .min(0)
      .max(30 * 86_400_000)
      .default(86_400_000),
  }),
  output: z.object({ key: z.string(), record: keySchema }),
})

export const revokeKey = defineOperation({
  id: 'revokeKey',
  method: 'post',
  path: '/keys/{id}/revoke',
  summary: 'Refuses a key from now on',
  input: z.object({}),
  output: z.object({ ok: z.literal(true) }),
})

export const createPlaygroundKey = defineOperation({
  id: 'createPlaygroundKey',
  method: 'post',
  path: '/playground/key',
  summary: 'A gateway key named "playground" that lives for ten minutes, in memory only',
  input: z.object({}),
  output: z.object({ key: z.string(), expires_at: z.number() }),
})

export const KEY_OPERATIONS = [
  listKeys,
  createKey,
  rotateKey,
  revokeKey,
  createPlaygroundKey,
] as const

export type GatewayKey = z.infer<typeof keySchema>
