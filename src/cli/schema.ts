import { configJsonSchema } from '../config/json-schema.ts'
import { EXIT } from './exit-code.ts'

export function schema(): number {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
  return EXIT.ok
}
