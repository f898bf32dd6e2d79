import { AUTH_OPERATIONS } from './admin/auth.ts'
import { CONFIG_OPERATIONS } from './admin/config.ts'
import { KEY_OPERATIONS } from './admin/keys.ts'
import { LOG_OPERATIONS } from './admin/logs.ts'
import { OVERVIEW_OPERATIONS } from './admin/overview.ts'
import { PROVIDER_OPERATIONS } from './admin/providers.ts'
import { ROUTING_OPERATIONS } from './admin/routing.ts'

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
