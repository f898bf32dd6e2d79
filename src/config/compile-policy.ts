import type { ConfigDocument, Timeouts } from '../contract/config.ts'
import type { Tier } from '../contract/tier.ts'
import type { RetryPolicy, TimeLimits } from './snapshot.ts'

const STATUS_CODES = [408, 409, 429, 500, 502, 503, 504, 529]
const ERROR_KEYWORDS = ['rate limit', 'quota exceeded', 'overloaded', 'try again']
const MAX_ATTEMPTS = 4
const WAIT_INLINE_MS = 2_500
const FAILOVER_PER_S = 100

/** Harder tiers think longer before their first word, and longer in all. */
const LIMITS: Readonly<Record<Tier, TimeLimits>> = {
  t1: {
    connectMs: 3_000,
    headersMs: 10_000,
    firstTokenMs: 10_000,
    idleMs: 15_000,
    contentIdleMs: 60_000,
    totalMs: 600_000,
    wholeTotalMs: 300_000,
    hedgeAfterMs: null,
  },
  t2: {
    connectMs: 5_000,
    headersMs: 15_000,
    firstTokenMs: 15_000,
    idleMs: 20_000,
    contentIdleMs: 90_000,
    totalMs: 1_200_000,
    wholeTotalMs: 600_000,
    hedgeAfterMs: null,
  },
  t3: {
    connectMs: 5_000,
    headersMs: 60_000,
    firstTokenMs: 90_000,
    idleMs: 60_000,
    contentIdleMs: 300_000,
    totalMs: 3_600_000,
    wholeTotalMs: 1_200_000,
    hedgeAfterMs: null,
  },
}

/** What is said for the tier, then for all, then the tier's own defaults. */
export function limitsOf(document: ConfigDocument, tier: Tier): TimeLimits {
  const own: Timeouts = { ...document.timeouts, ...document.tiers?.[tier]?.timeouts }
  const standard = LIMITS[tier]
  const firstTokenMs = own.first_token_ms ?? standard.firstTokenMs
  return {
    connectMs: own.connect_ms ?? standard.connectMs,
    headersMs: own.headers_ms ?? Math.min(standard.headersMs, firstTokenMs),
    firstTokenMs,
    idleMs: own.idle_ms ?? standard.idleMs,
    contentIdleMs: own.content_idle_ms ?? Math.max(standard.contentIdleMs, own.idle_ms ?? 0),
    totalMs: own.total_ms ?? standard.totalMs,
    wholeTotalMs: own.total_ms ?? standard.wholeTotalMs,
    hedgeAfterMs: own.hedge_after_ms ?? null,
  }
}

export function retryOf(document: ConfigDocument, tier: Tier | null): RetryPolicy {
  const own = { ...document.retry, ...(tier === null ? {} : document.tiers?.[tier]?.retry) }
  return {
    statusCodes: new Set(own.status_codes ?? STATUS_CODES),
    errorKeywords: (own.error_keywords ?? ERROR_KEYWORDS).map((keyword) => keyword.toLowerCase()),
    maxAttempts: own.max_attempts ?? MAX_ATTEMPTS,
    waitInlineMs: own.wait_inline_ms ?? WAIT_INLINE_MS,
    failoverOnContentFilter: own.on_content_filter === 'failover',
    tierFallback: own.tier_fallback ?? false,
    resume: own.resume ?? true,
    failoverPerS: own.failover_per_s ?? FAILOVER_PER_S,
  }
}
