import { z } from 'zod'
import { configSchema } from '../contract/config.ts'

/** The JSON Schema (draft 2020-12) of the configuration, for editors. */
export function configJsonSchema(): object {
  return { title: 'SmartRoute configuration', ...z.toJSONSchema(configSchema, { io: 'input' }) }
}
