import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { logDetailSchema, logRowSchema } from './shapes.ts'

const time = z.string().describe('ISO 8601 or epoch milliseconds')

/** What a list, a summary and an export of requests may be narrowed by. */
const logFilterSchema = z.object({
  tier: z.enum(['t1', 't2', 't3', 'pinned']).optional(),
  model: z.string().max(400).optional().describe('asked for, or answered'),
  provider: z.string().max(64).optional().describe('that answered'),
  key: z.string().max(200).optional().describe('name of the gateway key'),
  status: z
    .string()
    .regex(/^(?:\d{3}|[1-5]xx|ok|error)$/)
    .optional(),
  error: z.string().max(64).optional().describe('error code'),
  reason: z.string().max(40).optional().describe('rule, local, llm, random, pinned, fallback'),
  failover: z.enum(['true', 'false']).optional().describe('more than one attempt'),
  min_ms: z.coerce.number().min(0).optional().describe('took at least so long'),
  q: z.string().max(500).optional().describe('text in the request or the answer'),
  from: time.optional(),
  to: time.optional(),
})

export const listLogs = defineOperation({
  id: 'listLogs',
  method: 'get',
  path: '/logs',
  summary: 'Requests, newest first',
  input: logFilterSchema.extend({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().optional(),
  }),
  output: z.object({ items: z.array(logRowSchema), next_cursor: z.string().nullable() }),
})

const counted = z.array(z.object({ value: z.string(), count: z.number() }))

export const summariseLogs = defineOperation({
  id: 'summariseLogs',
  method: 'get',
  path: '/logs/summary',
  summary: 'How many requests a filter finds, over time and by what they may be narrowed by',
  input: logFilterSchema.extend({
    points: z.coerce.number().int().min(2).max(200).default(60),
  }),
  output: z.object({
    total: z.number(),
    capped: z.boolean().describe('only the newest rows were counted'),
    histogram: z.array(
      z.object({ at: z.number(), ok: z.number(), failover: z.number(), failed: z.number() }),
    ),
    facets: z.object({
      tier: counted,
      model: counted,
      provider: counted,
      key: counted,
      status: counted,
      error: counted,
      reason: counted,
    }),
  }),
})

export const exportLogs = defineOperation({
  id: 'exportLogs',
  method: 'get',
  path: '/logs/export',
  summary: 'The requests that a filter finds as a file, newest first',
  input: logFilterSchema.extend({
    format: z.enum(['csv', 'jsonl']).default('csv'),
    limit: z.coerce.number().int().min(1).max(1_000_000).default(100_000),
    bodies: z.enum(['true', 'false']).default('false').describe('jsonl only'),
  }),
  output: z.string(),
  stream: true,
})

export const getLog = defineOperation({
  id: 'getLog',
  method: 'get',
  path: '/logs/{id}',
  summary: 'One request with its bodies and all its attempts',
  input: z.object({}),
  output: logDetailSchema,
})

export const rateLog = defineOperation({
  id: 'rateLog',
  method: 'post',
  path: '/logs/{id}/feedback',
  summary: 'The tier this request should have had; null takes it back',
  input: z.object({
    tier: z.enum(['t1', 't2', 't3']).nullable(),
    note: z.string().max(500).default(''),
  }),
  output: z.object({
    ok: z.literal(true),
    taught: z
      .boolean()
      .describe('kept as a lesson too: learning is on and the decision is remembered'),
  }),
})

export const getStorage = defineOperation({
  id: 'getStorage',
  method: 'get',
  path: '/storage',
  summary: 'What the log takes on disk, by day',
  input: z.object({}),
  output: z.object({
    path: z.string(),
    days: z.array(z.object({ day: z.string(), bytes: z.number() })),
    total_bytes: z.number(),
    free_bytes: z.number().nullable(),
    retention_days: z.number(),
    bodies: z.enum(['full', 'redacted', 'none']),
  }),
})

export const pruneLogs = defineOperation({
  id: 'pruneLogs',
  method: 'post',
  path: '/storage/prune',
  summary: 'Deletes the requests of the days before this one; statistics stay',
  input: z.object({ before: z.string().regex(/^\d{4}-\d{2}-\d{2}$/) }),
  output: z.object({ days: z.number(), bytes: z.number() }),
})

export const watchLive = defineOperation({
  id: 'watchLive',
  method: 'get',
  path: '/live',
  summary:
    'Server-sent events: `exchange` per finished request, `counters` each second; `Last-Event-ID` resumes',
  input: z.object({}),
  output: logRowSchema,
  stream: true,
})

export const LOG_OPERATIONS = [
  listLogs,
  summariseLogs,
  exportLogs,
  getLog,
  rateLog,
  getStorage,
  pruneLogs,
  watchLive,
] as const

export type LogFilter = z.infer<typeof logFilterSchema>
export type LogSummary = z.infer<typeof summariseLogs.output>
export type StorageView = z.infer<typeof getStorage.output>
