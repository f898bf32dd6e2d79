import { z } from 'zod'

/** Shapes of the admin API. Names are snake_case; times are epoch milliseconds unless said. */

const nullableNumber = z.number().nullable()
const tier = z.enum(['t1', 't2', 't3'])

const usageSchema = z
  .object({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    total_tokens: z.number(),
    cached_tokens: z.number(),
    reasoning_tokens: z.number(),
  })
  .nullable()

const attemptSchema = z.object({
  provider: z.string(),
  model: z.string(),
  outcome: z.string(),
  next: z.enum(['done', 'retry_same', 'next_key', 'next_model', 'wait', 'resume', 'fail']),
  status: nullableNumber,
  key: nullableNumber.describe('which of several provider keys, from 1'),
  waited_ms: z.number().describe('the pause before it'),
  resumed: z.boolean().describe('it continued an answer that had broken off'),
  connect_ms: nullableNumber,
  first_token_ms: nullableNumber,
  total_ms: z.number(),
  error: z.string().nullable(),
  changes: z.record(z.string(), z.json()).describe('members set on the way up; null: removed'),
})

export const logRowSchema = z.object({
  id: z.string(),
  at: z.number(),
  time: z.string().describe('ISO 8601'),
  method: z.string(),
  path: z.string(),
  client: z.string(),
  user_agent: z.string(),
  key: z.string().nullable(),
  asked: z.string().nullable(),
  model: z.string().nullable().describe('provider/model that answered'),
  tier: z.string().nullable(),
  reason: z.string().nullable(),
  stream: z.boolean(),
  status: z.number(),
  error: z.object({ code: z.string(), message: z.string().nullable() }).nullable(),
  finish_reason: z.string().nullable(),
  attempts: z.array(attemptSchema),
  usage: usageSchema.describe('of the answer'),
  cost_usd: nullableNumber.describe('with what the model cost that was asked for the tier'),
  saved_usd: nullableNumber,
  total_ms: z.number(),
  first_token_ms: nullableNumber,
  timings: z.object({
    read_ms: z.number(),
    route_ms: z.number(),
    upstream_ms: z.number(),
    gateway_ms: z.number(),
  }),
  request_bytes: z.number(),
  response_bytes: z.number(),
  revision: z.string(),
  preview: z
    .string()
    .nullable()
    .optional()
    .describe("the beginning of the human's words; null where bodies are not kept"),
})

export const logDetailSchema = logRowSchema.extend({
  request_headers: z
    .record(z.string(), z.string())
    .nullable()
    .describe('what the client sent; credentials are left out'),
  response_headers: z.record(z.string(), z.string()).nullable(),
  pace: z
    .array(z.tuple([z.number(), z.number()]))
    .nullable()
    .describe('of a stream: milliseconds since arrival, bytes passed on since the entry before'),
  feedback: z
    .object({ tier: z.enum(['t1', 't2', 't3']), at: z.number(), note: z.string() })
    .nullable()
    .describe('the tier that a person says it should have had'),
  ask: z
    .string()
    .nullable()
    .describe("the human's words that were judged, or whose judgement is kept"),
  request: z.json().describe('what the client sent'),
  sent: z.json().describe('what the last attempt sent to the provider'),
  response: z.json().describe('what the client received; a stream as one chat.completion'),
  request_raw: z.string().optional().describe('where the body is not JSON, or was cut'),
  response_raw: z.string().optional(),
  classifier: z
    .object({
      model: z.string(),
      ms: z.number(),
      answer: z.string().nullable(),
      error: z.string().nullable(),
      usage: usageSchema,
    })
    .nullable(),
})

const percentiles = z.object({
  avg: nullableNumber,
  p50: nullableNumber,
  p95: nullableNumber,
  p99: nullableNumber,
})

export const statsSlice = z.object({
  requests: z.number(),
  errors: z.number(),
  error_rate: z.number(),
  failovers: z.number(),
  latency_ms: percentiles,
  first_token_ms: percentiles,
  tokens: z
    .object({ prompt: z.number(), completion: z.number(), total: z.number() })
    .describe('with those of the model that was asked for the tier'),
  cost_usd: z.number(),
  saved_usd: z.number(),
})

export const statsSchema = statsSlice.extend({
  range: z.string(),
  qps: z.number().describe('requests per second over the last minute'),
  by_tier: z.record(z.string(), statsSlice),
  by_model: z.record(z.string(), statsSlice),
  series: z.array(statsSlice.extend({ at: z.number() })),
})

const endpointHealthSchema = z.object({
  endpoint: z.string(),
  provider: z.string(),
  model: z.string(),
  tiers: z.array(tier),
  score: z.number(),
  state: z.enum(['closed', 'open', 'half_open']),
  cause: z
    .enum(['breaker', 'rate', 'auth', 'quota', 'missing', 'provider', 'manual'])
    .nullable()
    .describe('why it rests'),
  drained: z.boolean().describe('taken out by hand'),
  share: z.number().describe('part of its traffic after a recovery, 0.1 to 1'),
  cooldown_ms: z.number(),
  inflight: z.number(),
  concurrency_limit: nullableNumber.describe('how many at a time it has shown to bear'),
  consecutive_failures: z.number(),
  first_token_ms: nullableNumber,
})

export const healthSchema = z.object({
  status: z.enum(['ok', 'draining']),
  version: z.string(),
  uptime_s: z.number(),
  inflight: z.number(),
  overload: z.string().nullable().describe('why new requests are refused, or null'),
  retry_budget: z.number().describe('tokens left for retries on the same model'),
  endpoints: z.array(endpointHealthSchema),
  resting: z
    .array(
      z.object({
        scope: z.enum(['key', 'key_model', 'model', 'provider']),
        name: z.string().describe('provider, model and the start of the hash of the key'),
        cause: z.string(),
        ms: z.number(),
      }),
    )
    .describe('what rests beside the breakers'),
  log: z.object({
    stored: z.number().describe('rows on disk since the start'),
    waiting: z.number(),
    rows_dropped: z.number(),
    bodies_dropped: z.number(),
    fault: z.string().nullable(),
  }),
})

export const steerInputSchema = z.object({
  endpoint: z.string().min(1).max(400),
  action: z.enum(['open', 'close', 'drain']),
})

export const routeInputSchema = z
  .object({
    text: z.string().optional(),
    messages: z.array(z.looseObject({ role: z.string() })).optional(),
    model: z.string().optional(),
    tools: z.unknown().optional().describe('what the client sends; a model must have room for it'),
    draft: z
      .json()
      .optional()
      .describe('a configuration document that is tried instead of the running one'),
  })
  .refine((input) => input.text !== undefined || (input.messages?.length ?? 0) > 0, {
    message: 'needs "text" or "messages"',
  })
  // The refinement again, for those who read the schema: it does not say it of itself.
  .meta({
    anyOf: [
      { required: ['text'] },
      { required: ['messages'], properties: { messages: { minItems: 1 } } },
    ],
  })

export const routeExplanationSchema = z.object({
  tier: z.string(),
  reason: z.string(),
  text: z.string().describe('what was classified'),
  verdicts: z.array(
    z.object({
      by: z.string(),
      tier: tier.nullable(),
      detail: z.string().nullable(),
      ms: z.number(),
      probabilities: z
        .tuple([z.number(), z.number(), z.number()])
        .nullable()
        .optional()
        .describe('of t1, t2 and t3, where the classifier gives them'),
      matched: z.array(z.string()).optional().describe('words of the text that a rule found'),
    }),
  ),
  candidates: z.array(
    z.object({
      endpoint: z.string(),
      state: z.string(),
      score: z.number(),
      cooldown_ms: z.number(),
    }),
  ),
})

export const configProblemSchema = z.object({
  severity: z.enum(['error', 'warning']),
  line: z.number(),
  column: z.number(),
  path: z.string(),
  code: z.string(),
  message: z.string(),
})

export const configViewSchema = z.object({
  revision: z.string(),
  path: z.string().nullable(),
  document: z.json().describe('secrets are masked'),
  problems: z.array(configProblemSchema),
})

export const putConfigInputSchema = z
  .object({
    document: z.json().optional().describe('as shown, changed; masked secrets stay as they are'),
    text: z.string().max(1_000_000).optional().describe('instead: the whole file'),
    note: z.string().max(500).default(''),
  })
  .refine((input) => (input.document === undefined) !== (input.text === undefined), {
    message: 'needs either "document" or "text"',
  })

export const rollbackInputSchema = z.object({ revision: z.string().min(1).max(64) })

export const configHistorySchema = z.object({
  items: z.array(
    z.object({ revision: z.string(), at: z.number(), author: z.string(), note: z.string() }),
  ),
})

export type LogRow = z.infer<typeof logRowSchema>
export type LogDetail = z.infer<typeof logDetailSchema>
export type Stats = z.infer<typeof statsSchema>
export type EndpointHealth = z.infer<typeof endpointHealthSchema>
export type Health = z.infer<typeof healthSchema>
export type RouteInput = z.infer<typeof routeInputSchema>
export type RouteExplanation = z.infer<typeof routeExplanationSchema>
export type ConfigView = z.infer<typeof configViewSchema>
