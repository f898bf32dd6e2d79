import type { HealthDump, HealthRegistry } from '../resilience/health-registry.ts'
import type { StateStore } from '../storage/state-file.ts'

const SAVE_MS = 10_000
/** What is older than this says nothing any more. */
const AGE_MS_MAX = 24 * 3_600_000

interface Saved {
  readonly savedAt: number
  readonly health: HealthDump
}

/** Restores what was known of the providers' health, and saves it every ten seconds and at the end. */
export function keepHealth(health: HealthRegistry, store: StateStore): { stop: () => void } {
  const saved = store.read() as Saved | null
  if (saved !== null && typeof saved.savedAt === 'number') {
    const ageMs = Math.max(0, Date.now() - saved.savedAt)
    if (ageMs < AGE_MS_MAX) health.restore(saved.health, ageMs)
  }
  let last = ''
  const save = (): void => {
    const dump = health.dump()
    const text = JSON.stringify(dump)
    if (text === last || text === EMPTY) return
    last = text
    store.write({ savedAt: Date.now(), health: dump } satisfies Saved)
  }
  const saving = setInterval(save, SAVE_MS)
  saving.unref()
  return {
    stop: () => {
      clearInterval(saving)
      save()
    },
  }
}

const EMPTY = JSON.stringify({ endpoints: {}, resting: {} })
