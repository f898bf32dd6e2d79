import { loadConfigText } from '../config/load.ts'
import type { Problem } from '../config/problem.ts'
import type { RouteExplanation } from '../contract/api/shapes.ts'
import { systemClock } from '../kit/clock.ts'
import { HealthRegistry } from '../resilience/health-registry.ts'
import { UndiciDispatcher } from '../transport/undici-dispatcher.ts'
import type { AppOptions } from './app-options.ts'
import { buildClassifiers, learntIn } from './classifiers.ts'
import { explainRoute } from './explain-route.ts'

export type OfflineExplanation =
  | { readonly kind: 'explained'; readonly explanation: RouteExplanation }
  | { readonly kind: 'invalid_config'; readonly problems: readonly Problem[] }

/** The decision for a text without a running gateway, by the same code. */
export async function explainOffline(
  options: Pick<AppOptions, 'configText' | 'configPath' | 'language' | 'env' | 'dataDir'>,
  text: string,
): Promise<OfflineExplanation> {
  const loaded = loadConfigText(options.configText, options)
  if (!loaded.ok) return { kind: 'invalid_config', problems: loaded.problems }
  const dispatcher = new UndiciDispatcher()
  const clock = systemClock
  const classifiers = buildClassifiers(dispatcher, clock, learntIn(options.dataDir))
  const current = () => loaded.snapshot
  const deps = {
    current,
    classifiers,
    clock,
    random: Math.random,
    health: new HealthRegistry(clock),
  }
  try {
    return { kind: 'explained', explanation: await explainRoute(deps, { text }) }
  } finally {
    await dispatcher.close()
  }
}
