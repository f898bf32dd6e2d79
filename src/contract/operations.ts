import { AUTH_OPERATIONS } from './api/auth.ts'
import { CONFIG_OPERATIONS } from './api/config.ts'
import { KEY_OPERATIONS } from './api/keys.ts'
import { LOG_OPERATIONS } from './api/logs.ts'
import { OVERVIEW_OPERATIONS } from './api/overview.ts'
import { PROVIDER_OPERATIONS } from './api/providers.ts'
import { ROUTING_OPERATIONS } from './api/routing.ts'

/** Every call of the admin API. */
export const OPERATIONS = [
  ...LOG_OPERATIONS,
  ...OVERVIEW_OPERATIONS,
  ...CONFIG_OPERATIONS,
  ...ROUTING_OPERATIONS,
  ...PROVIDER_OPERATIONS,
  ...KEY_OPERATIONS,
  ...AUTH_OPERATIONS,
] as const
