import { z } from 'zod'
import { defineOperation } from './operation.ts'
import {
  configHistorySchema,
  configProblemSchema,
  configViewSchema,
  putConfigInputSchema,
  rollbackInputSchema,
} from './shapes.ts'

const nothing = z.object({})

export const getConfig = defineOperation({
  id: 'getConfig',
  method: 'get',
  path: '/config',
  summary: 'The running configuration with its secrets masked',
  input: nothing,
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

export const getConfigFile = defineOperation({
  id: 'getConfigFile',
  method: 'get',
  path: '/config/file',
  summary: 'The file as it is written; secrets that stand in it are masked and kept when sent back',
  input: nothing,
  output: z.object({ revision: z.string(), path: z.string().nullable(), text: z.string() }),
})

export const checkConfig = defineOperation({
  id: 'checkConfig',
  method: 'post',
  path: '/config/check',
  summary: 'What a change would do, without doing it',
  input: z
    .object({ document: z.json().optional(), text: z.string().max(1_000_000).optional() })
    .refine((input) => (input.document === undefined) !== (input.text === undefined), {
      message: 'needs either "document" or "text"',
    }),
  output: z.object({
    ok: z.boolean(),
    problems: z.array(configProblemSchema),
    before: z.string().describe('the file as it is, secrets masked'),
    after: z.string().describe('the file as it would be, secrets masked'),
    document: z
      .json()
      .nullable()
      .describe('the document it would be; null where it does not parse'),
    changes: z.array(z.object({ path: z.string(), before: z.json(), after: z.json() })),
  }),
})

export const getEffectiveConfig = defineOperation({
  id: 'getEffectiveConfig',
  method: 'get',
  path: '/config/effective',
  summary: 'Every setting in force with where its value comes from',
  input: nothing,
  output: z.object({
    revision: z.string(),
    entries: z.array(
      z.object({
        path: z.string(),
        value: z.json(),
        origin: z.enum(['file', 'default', 'environment']),
        detail: z.string().describe('name of the variable, or empty'),
      }),
    ),
  }),
})

export const getConfigSchema = defineOperation({
  id: 'getConfigSchema',
  method: 'get',
  path: '/config/schema',
  summary: 'JSON Schema of the configuration document',
  input: nothing,
  output: z.json(),
})

export const listConfigHistory = defineOperation({
  id: 'listConfigHistory',
  method: 'get',
  path: '/config/history',
  summary: 'Earlier configurations, newest first',
  input: nothing,
  output: configHistorySchema,
})

export const getConfigVersion = defineOperation({
  id: 'getConfigVersion',
  method: 'get',
  path: '/config/history/{revision}',
  summary: 'The text of an earlier configuration, secrets masked',
  input: nothing,
  output: z.object({
    revision: z.string(),
    at: z.number(),
    author: z.string(),
    note: z.string(),
    text: z.string(),
  }),
})

export const rollbackConfig = defineOperation({
  id: 'rollbackConfig',
  method: 'post',
  path: '/config/rollback',
  summary: 'Makes an earlier configuration the running one again',
  input: rollbackInputSchema,
  output: configViewSchema,
})

export const CONFIG_OPERATIONS = [
  getConfig,
  putConfig,
  getConfigFile,
  checkConfig,
  getEffectiveConfig,
  getConfigSchema,
  listConfigHistory,
  getConfigVersion,
  rollbackConfig,
] as const

export type ConfigCheck = z.infer<typeof checkConfig.output>
