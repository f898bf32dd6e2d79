import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { healthSchema, statsSchema, statsSlice, steerInputSchema } from './shapes.ts'

const range = z.enum(['15m', '1h', '24h', '7d', '30d', 'all'])

export const getStats = defineOperation({
  id: 'getStats',
  method: 'get',
  path: '/stats',
  summary: 'Totals, percentiles, tiers, models and a series over time',
  input: z.object({ range: range.default('24h') }),
  output: statsSchema,
})

export const getOverview = defineOperation({
  id: 'getOverview',
  method: 'get',
  path: '/overview',
  summary: 'Everything the first page shows, over one range',
  input: z.object({ range: range.default('24h') }),
  output: z.object({
    stats: statsSchema,
    previous: statsSlice.nullable().describe('the range before this one; null for all'),
    success: z.object({
      after: z.number().nullable().describe('share of requests that were answered'),
      before: z.number().nullable().describe('share whose first attempt succeeded'),
    }),
    from: z.number(),
    to: z.number(),
    step_ms: z.number().describe('width of one point of the series, the heat map and the ribbons'),
    flow: z.array(
      z.object({
        key: z.string(),
        tier: z.string(),
        model: z.string().describe('provider/model, empty where nothing answered'),
        requests: z.number(),
        failed: z.number(),
        cost_usd: z.number(),
      }),
    ),
    heatmap: z.object({
      bounds_ms: z.array(z.number()).describe('upper bounds of the rows, the last open'),
      columns: z.array(z.object({ at: z.number(), counts: z.array(z.number()) })),
    }),
    ribbons: z.array(
      z.object({
        endpoint: z.string(),
        cells: z.array(z.object({ at: z.number(), attempts: z.number(), failed: z.number() })),
      }),
    ),
    errors: z.array(z.object({ code: z.string(), count: z.number() })),
    attention: z.array(
      z.object({
        kind: z.enum([
          'demo',
          'no_password',
          'config_problem',
          'endpoint_resting',
          'provider_auth',
          'log_fault',
          'log_dropped',
          'unpriced',
          'budget',
          'empty_tier',
          'disk_low',
        ]),
        subject: z.string(),
        detail: z.string(),
      }),
    ),
  }),
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

export const OVERVIEW_OPERATIONS = [getStats, getOverview, getHealth, steerEndpoint] as const

export type Overview = z.infer<typeof getOverview.output>
export type Range = z.infer<typeof range>
