import { z } from 'zod'
import { defineOperation } from './operation.ts'
import { routeExplanationSchema, routeInputSchema } from './shapes.ts'

export const explainRoute = defineOperation({
  id: 'explainRoute',
  method: 'post',
  path: '/route',
  summary:
    'Dry run: what every classifier says and which models would be tried; calls no chat model',
  input: routeInputSchema,
  output: routeExplanationSchema,
})

export const backtest = defineOperation({
  id: 'backtest',
  method: 'post',
  path: '/backtest',
  summary: 'Routes the newest logged chat requests anew under a draft; calls no model',
  input: z.object({
    draft: z.json().describe('a configuration document'),
    limit: z.number().int().min(1).max(5_000).default(500),
  }),
  output: z.object({
    requests: z.number().describe('routed anew'),
    held: z.number().describe('of these, kept the decision of their session'),
    undecided: z
      .number()
      .describe('only the language model would decide; in neither flow nor cost'),
    skipped: z.number(),
    skipped_by: z.object({
      pinned: z.number().describe('named a tier or a model'),
      unknown_model: z.number().describe('their model is unknown to the draft, which rejects it'),
      no_body: z.number().describe('no body was kept'),
      cut_body: z.number().describe('the kept body is cut short'),
    }),
    flow: z.array(z.object({ from: z.string(), to: z.string(), requests: z.number() })),
    cost: z.object({
      requests: z.number().describe('with prices before and after'),
      before_usd: z.number(),
      after_usd: z.number(),
    }),
    moved: z
      .array(z.object({ id: z.string(), from: z.string(), to: z.string(), ask: z.string() }))
      .describe('some of the requests whose tier changes'),
  }),
})

export const listRuleHits = defineOperation({
  id: 'listRuleHits',
  method: 'get',
  path: '/routing/hits',
  summary: 'How often each word or pattern of a rule decided, over the days the log is kept',
  input: z.object({}),
  output: z.object({
    items: z.array(z.object({ match: z.string(), hits: z.number(), last_at: z.number() })),
  }),
})

export const ROUTING_OPERATIONS = [explainRoute, backtest, listRuleHits] as const

export type Backtest = z.infer<typeof backtest.output>
