import { z } from 'zod'
import {
  configHistorySchema,
  configViewSchema,
  healthSchema,
  logDetailSchema,
  logRowSchema,
  putConfigInputSchema,
  rollbackInputSchema,
  routeExplanationSchema,
  routeInputSchema,
  statsSchema,
  steerInputSchema,
} from './admin.ts'
import { defineOperation } from './operation.ts'

const time = z.string().describe('ISO 8601 or epoch milliseconds')

export const listLogs = defineOperation({
  id: 'listLogs',
  method: 'get',
  path: '/logs',
  summary: 'Requests, newest first',
  input: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().optional(),
    tier: z.enum(['t1', 't2', 't3', 'pinned']).optional(),
    model: z.string().optional().describe('asked for, or answered'),
    status: z
      .string()
      .regex(/^(?:\d{3}|[1-5]xx|ok|error)$/)
      .optional(),
    q: z.string().max(500).optional().describe('text in the request or the answer'),
    from: time.optional(),
    to: time.optional(),
  }),
  output: z.object({ items: z.array(logRowSchema), next_cursor: z.string().nullable() }),
})

export const getLog = defineOperation({
  id: 'getLog',
  method: 'get',
  path: '/logs/{id}',
  summary: 'One request with its bodies and all its attempts',
  input: z.object({}),
  output: logDetailSchema,
})

export const getStats = defineOperation({
  id: 'getStats',
  method: 'get',
  path: '/stats',
  summary: 'Totals, percentiles, tiers, models and a series over time',
  input: z.object({ range: z.enum(['15m', '1h', '24h', '7d', '30d', 'all']).default('24h') }),
  output: statsSchema,
})

export const getHealth = defineOperation({
  id: 'getHealth',
  method: 'get',
  path: '/health',
  summary: 'Health score, breaker state and cooldown of every endpoint',
  input: z.object({}),
  output: healthSchema,
})

export const steerEndpoint = defineOperation({
  id: 'steerEndpoint',
  method: 'post',
  path: '/health/endpoints',
  summary:
    'By hand: `open` rests a model for five minutes, `drain` takes it out, `close` puts it back',
  input: steerInputSchema,
  output: healthSchema,
})

export const getConfig = defineOperation({
  id: 'getConfig',
  method: 'get',
  path: '/config',
  summary: 'The running configuration with its secrets masked',
  input: z.object({}),
  output: configViewSchema,
})

export const putConfig = defineOperation({
  id: 'putConfig',
  method: 'put',
  path: '/config',
  summary:
    'Changes the configuration file: needs `If-Match: revision`; comments and order of the file stay',
  input: putConfigInputSchema,
  output: configViewSchema,
})

export const listConfigHistory = defineOperation({
  id: 'listConfigHistory',
  method: 'get',
  path: '/config/history',
  summary: 'Earlier configurations, newest first',
  input: z.object({}),
  output: configHistorySchema,
})

export const rollbackConfig = defineOperation({
  id: 'rollbackConfig',
  method: 'post',
  path: '/config/rollback',
  summary: 'Makes an earlier configuration the running one again',
  input: rollbackInputSchema,
  output: configViewSchema,
})

export const explainRoute = defineOperation({
  id: 'explainRoute',
  method: 'post',
  path: '/route',
  summary:
    'Dry run: what every classifier says and which models would be tried; calls no chat model',
  input: routeInputSchema,
  output: routeExplanationSchema,
})

export const watchLive = defineOperation({
  id: 'watchLive',
  method: 'get',
  path: '/live',
  summary: 'Server-sent events: `exchange` per finished request, `counters` each second',
  input: z.object({}),
  output: logRowSchema,
  stream: true,
})

export const exchangeSetupToken = defineOperation({
  id: 'exchangeSetupToken',
  method: 'post',
  path: '/setup',
  summary: 'Exchanges the one-time setup token for a session cookie',
  input: z.object({ token: z.string().max(200) }),
  output: z.object({ ok: z.literal(true) }),
  open: true,
})

export const OPERATIONS = [
  listLogs,
  getLog,
  getStats,
  getHealth,
  steerEndpoint,
  getConfig,
  putConfig,
  listConfigHistory,
  rollbackConfig,
  explainRoute,
  watchLive,
  exchangeSetupToken,
] as const
