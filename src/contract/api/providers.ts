import { z } from 'zod'
import { defineOperation } from './operation.ts'

/** A provider of the configuration by its id, or one that is being set up by its address and key. */
const accountSchema = z.object({
  provider: z.string().max(64).optional().describe('one that is configured; its key is used'),
  base_url: z.string().max(2_000).optional(),
  api_key: z.string().max(4_000).optional().describe('${VAR} names a variable of the gateway'),
  profile: z.string().max(64).optional(),
  allow_private: z.boolean().optional(),
})

export const listProviderModels = defineOperation({
  id: 'listProviderModels',
  method: 'post',
  path: '/providers/models',
  summary: 'The models that an account offers, as the provider lists them',
  input: accountSchema,
  output: z.object({
    ok: z.boolean(),
    ms: z.number(),
    status: z.number().nullable(),
    error: z.string().nullable(),
    items: z.array(
      z.object({
        id: z.string(),
        context_tokens: z.number().nullable(),
        price: z.object({ input: z.number(), output: z.number() }).nullable(),
        tier: z.enum(['t1', 't2', 't3']).nullable().describe('suggested by price and name'),
      }),
    ),
  }),
})

export const testModel = defineOperation({
  id: 'testModel',
  method: 'post',
  path: '/providers/test',
  summary: 'Asks one model for a few words; costs a few tokens',
  input: accountSchema.extend({ model: z.string().min(1).max(300) }),
  output: z.object({
    ok: z.boolean(),
    outcome: z.string(),
    status: z.number().nullable(),
    connect_ms: z.number().nullable(),
    first_token_ms: z.number().nullable(),
    total_ms: z.number(),
    text: z.string(),
    error: z.string().nullable(),
  }),
})

export const listModels = defineOperation({
  id: 'listModels',
  method: 'get',
  path: '/models',
  summary: 'Every model that a tier, the model map or the log names, with its price and window',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        endpoint: z.string(),
        provider: z.string(),
        model: z.string(),
        tiers: z.array(z.enum(['t1', 't2', 't3'])),
        price: z
          .object({
            input: z.number().describe('USD per million prompt tokens'),
            output: z.number(),
            cached_input: z.number().nullable(),
            source: z.enum(['config', 'catalogue']),
          })
          .nullable(),
        context_tokens: z.number().nullable(),
        requests_7d: z.number(),
        errors_7d: z.number(),
        cost_usd_7d: z.number(),
        first_token_ms: z.number().nullable().describe('median over seven days'),
      }),
    ),
  }),
})

export const PROVIDER_OPERATIONS = [listProviderModels, testModel, listModels] as const

export type ProviderModels = z.infer<typeof listProviderModels.output>
export type ModelTest = z.infer<typeof testModel.output>
export type ModelRow = z.infer<typeof listModels.output>['items'][number]
