import { z } from 'zod'

/**
 * The configuration document as an operator writes it: every duration ends in `_ms`, every size
 * in `_bytes`, and an unknown key is an error. `${…}` has been substituted before this is parsed.
 */

const positive = z.number().int().positive()
/** Node's timers overflow above 2^31-1 ms and would fire at once. */
const milliseconds = positive.max(2_147_483_647)
const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64')
const jsonObject = z.record(z.string(), z.json())
const tierName = z.enum(['t1', 't2', 't3'])

const httpUrl = z.string().refine(isPlainHttpUrl, 'an http:// or https:// URL without credentials')

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  )
}

const timeoutsSchema = z.strictObject({
  connect_ms: milliseconds.optional().describe('TCP and TLS handshake'),
  headers_ms: milliseconds.optional().describe('until a streamed answer begins at all'),
  first_token_ms: milliseconds.optional().describe('until the first content of the answer'),
  idle_ms: milliseconds.optional().describe('silence between two pieces of an answer'),
  content_idle_ms: milliseconds
    .optional()
    .describe('no content between two pieces, though comments keep the connection alive'),
  total_ms: milliseconds.optional().describe('the whole request with all its attempts'),
  hedge_after_ms: milliseconds
    .optional()
    .describe('no first token after this: a second model is asked as well (off by default)'),
})

const retrySchema = z.strictObject({
  status_codes: z
    .array(z.number().int().min(400).max(599))
    .optional()
    .describe('always tried on another model, beside what is known to be worth it'),
  error_keywords: z
    .array(z.string().min(1).max(200))
    .optional()
    .describe('a short 200 answer with one of these is a failure'),
  max_attempts: positive.max(20).optional(),
  wait_inline_ms: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .optional()
    .describe('a rate limit this short is waited for; a longer one is left for another model'),
  on_content_filter: z
    .enum(['stop', 'failover'])
    .optional()
    .describe('whether another model may be asked what one refused'),
  tier_fallback: z
    .boolean()
    .optional()
    .describe('a tier without any healthy model borrows from the next stronger one'),
  resume: z
    .boolean()
    .optional()
    .describe('a text stream that breaks off is continued by another model'),
  failover_per_s: positive
    .optional()
    .describe('requests per second a model accepts from failed ones, beside a fifth of its own'),
})

const providerSchema = z.strictObject({
  base_url: httpUrl,
  api_key: z.string().optional(),
  api_keys: z.array(z.string()).optional().describe('used in rotation'),
  headers: z.record(z.string(), z.string()).optional(),
  profile: z.string().optional().describe('the vendor whose dialect this provider speaks'),
  allow_private: z.boolean().optional().describe('may resolve to a private address'),
  max_concurrency: positive.optional().describe('requests at a time; more wait their turn'),
  tls: z
    .strictObject({
      ca_file: z.string().optional(),
      insecure_skip_verify: z.boolean().optional(),
    })
    .optional(),
  params: jsonObject.optional().describe('like params.models, for every model of this provider'),
})

const limitsSchema = z.strictObject({
  max_concurrency: positive.optional().describe('requests at a time'),
  requests_per_minute: positive.optional(),
  tokens_per_minute: positive.optional().describe('prompt and completion together'),
  usd_per_day: z.number().positive().optional().describe('by the prices below; UTC days'),
  max_output_tokens: positive.optional().describe('a request that asks for more gets this'),
})

const keyLimitsSchema = limitsSchema.extend({
  models: z
    .array(z.string().min(1))
    .optional()
    .describe('what this key may ask for: auto, t1, t2, t3, model ids'),
})

const modelSchema = z.strictObject({
  context_tokens: positive.optional().describe('size of the context window'),
  prefill: z
    .boolean()
    .optional()
    .describe('continues an assistant message that ends the conversation'),
  vision: z.boolean().optional().describe('false: gets no requests that carry images'),
  audio: z.boolean().optional().describe('false: gets no requests that carry sound'),
  files: z.boolean().optional().describe('false: gets no requests that carry files'),
})

const poolEntrySchema = z.union([
  z.string().min(1),
  z.strictObject({
    id: z.string().min(1),
    weight: z.number().positive().max(1_000_000).optional(),
  }),
])

const tierSchema = z.strictObject({
  models: z.array(poolEntrySchema),
  strategy: z.enum(['sequential', 'random', 'adaptive']).optional(),
  timeouts: timeoutsSchema.optional(),
  retry: retrySchema.optional(),
})

const ruleSchema = z
  .strictObject({
    keywords: z.array(z.string().min(1).max(200)).optional(),
    patterns: z.array(z.string().min(1).max(200)).optional().describe('RE2 syntax'),
    whole: z.boolean().optional().describe('the whole message, not a part of it'),
    tier: tierName,
  })
  .refine((rule) => (rule.keywords?.length ?? 0) + (rule.patterns?.length ?? 0) > 0, {
    message: 'needs keywords or patterns',
  })

const routingSchema = z.strictObject({
  enabled: z.boolean().optional(),
  unknown_model: z.enum(['route', 'pass', 'reject']).optional(),
  rules: z.array(ruleSchema).optional(),
  classifier: z.enum(['local', 'llm', 'cascade', 'none']).optional(),
  fallback_tier: tierName.optional(),
  local: z
    .strictObject({
      preference: z
        .enum(['economy', 'balanced', 'quality'])
        .optional()
        .describe('what to prefer where the local model is not sure'),
      ask_below: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('cascade: the language model is asked below this confidence'),
    })
    .optional(),
  learning: z
    .strictObject({
      enabled: z.boolean().optional().describe('keep hashed features and take POST /v1/feedback'),
      hold_out: z
        .number()
        .min(0)
        .max(0.5)
        .optional()
        .describe('share of decisions that what was learnt leaves alone'),
    })
    .optional(),
  llm: z
    .strictObject({
      model: z.string().min(1),
      timeout_ms: milliseconds.optional(),
      history: positive.max(20).optional().describe('how many human turns it sees'),
      prompt: z.string().min(1).optional().describe('{history} stands for the turns'),
    })
    .optional(),
})

const priceSchema = z.strictObject({
  input: z.number().nonnegative().describe('USD per million prompt tokens'),
  output: z.number().nonnegative().describe('USD per million completion tokens'),
  cached_input: z.number().nonnegative().optional(),
})

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).optional(),
  server: z
    .strictObject({
      host: z.string().min(1).optional(),
      port: z.number().int().min(0).max(65_535).optional(),
      drain_ms: milliseconds.optional(),
      body_limit_bytes: positive.optional(),
      max_inflight: positive.optional().describe('requests at a time, over all keys'),
      keep_alive_after_ms: milliseconds
        .optional()
        .describe('a stream that still waits for its first word answers with comments from here'),
      slow_client_ms: milliseconds.optional().describe('a client that reads nothing is cut'),
    })
    .optional(),
  gateway: z
    .strictObject({
      api_keys: z.array(z.string()).optional(),
      limits: limitsSchema.optional().describe('of every key'),
      key_limits: z
        .record(z.string(), keyLimitsSchema)
        .optional()
        .describe('by the name of a key; keys of this file are named file:1, file:2, …'),
    })
    .optional(),
  providers: z.record(identifier, providerSchema).optional(),
  default_provider: z.string().optional(),
  model_map: z.record(z.string(), z.string()).optional(),
  tiers: z
    .strictObject({
      t1: tierSchema.optional(),
      t2: tierSchema.optional(),
      t3: tierSchema.optional(),
    })
    .optional(),
  routing: routingSchema.optional(),
  params: z
    .strictObject({
      global: jsonObject.optional(),
      models: z.record(z.string(), jsonObject).optional(),
    })
    .optional(),
  models: z
    .record(z.string(), modelSchema)
    .optional()
    .describe('what is known of a model, by provider/model or model id'),
  prices: z.record(z.string(), priceSchema).optional().describe('by provider/model or model id'),
  retry: retrySchema.optional(),
  timeouts: timeoutsSchema.optional(),
  logs: z
    .strictObject({
      retention_days: positive.max(3650).optional(),
      bodies: z.enum(['full', 'redacted', 'none']).optional(),
      body_limit_bytes: positive.optional().describe('a longer body is cut in the log'),
    })
    .optional(),
})

export type ConfigDocument = z.infer<typeof configSchema>
export type Timeouts = z.infer<typeof timeoutsSchema>
