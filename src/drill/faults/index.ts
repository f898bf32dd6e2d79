import type { Fault } from '../stage.ts'
import { HTTP_FAULTS } from './http.ts'
import { JSON_FAULTS } from './json.ts'
import { SSE_FAULTS } from './sse.ts'
import { STATUS_FAULTS } from './status.ts'
import { TCP_FAULTS } from './tcp.ts'

/** Everything the drill's provider can do wrong (or oddly right), by level. */
export const FAULTS: readonly Fault[] = [
  ...TCP_FAULTS,
  ...HTTP_FAULTS,
  ...STATUS_FAULTS,
  ...JSON_FAULTS,
  ...SSE_FAULTS,
]
