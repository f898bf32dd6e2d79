import type { RE2JS } from 're2js'
import type { ConfigDocument } from '../contract/config.ts'
import type { Tier } from '../contract/tier.ts'

/** One provider account: where it is and how to speak to it. */
export interface Upstream {
  readonly id: string
  readonly origin: string
  /** Path of the chat endpoint, with its query if any. */
  readonly chatPath: string
  readonly apiKeys: readonly string[]
  /** A name for each key that gives nothing away: the start of its SHA-256. */
  readonly keyIds: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly profile: string
  readonly allowPrivate: boolean
  readonly maxConcurrency: number | null
  readonly tls: { readonly ca: string | null; readonly verify: boolean }
}

/** A value a parameter is set to, as JSON text; null removes the field. */
export interface Param {
  readonly name: string
  readonly json: string | null
}

/** One model on one upstream: the unit of routing, health and price. */
export interface Endpoint {
  /** `provider/model` */
  readonly id: string
  readonly upstream: Upstream
  readonly model: string
  /** Forced parameters, strongest last already merged. */
  readonly params: readonly Param[]
  readonly price: Price | null
  readonly traits: Traits
}

/** What the configuration says of a model; null where it says nothing. */
export interface Traits {
  readonly contextTokens: number | null
  readonly prefill: boolean | null
  /** Takes images. */
  readonly vision: boolean | null
  readonly audio: boolean | null
  /** Takes files, such as a PDF. */
  readonly files: boolean | null
}

/** USD per million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
  readonly cachedInput: number
}

export interface TimeLimits {
  readonly connectMs: number
  readonly headersMs: number
  readonly firstTokenMs: number
  /** Not a byte. */
  readonly idleMs: number
  /** Bytes, but no content. */
  readonly contentIdleMs: number
  /** Of a streamed request, and of one that is not. */
  readonly totalMs: number
  readonly wholeTotalMs: number
  /** Null: never. */
  readonly hedgeAfterMs: number | null
}

export interface RetryPolicy {
  readonly statusCodes: ReadonlySet<number>
  /** Lower-cased. */
  readonly errorKeywords: readonly string[]
  readonly maxAttempts: number
  readonly waitInlineMs: number
  readonly failoverOnContentFilter: boolean
  readonly tierFallback: boolean
  readonly resume: boolean
  readonly failoverPerS: number
}

/** What one gateway key may use; null: as much as it likes. */
export interface KeyLimits {
  readonly maxConcurrency: number | null
  readonly requestsPerMinute: number | null
  readonly tokensPerMinute: number | null
  readonly usdPerDay: number | null
  readonly maxOutputTokens: number | null
  readonly models: ReadonlySet<string> | null
}

export interface Member {
  readonly endpoint: Endpoint
  readonly weight: number
}

/** The models of a tier with the policy they are tried under. */
export interface Pool {
  readonly members: readonly Member[]
  readonly endpoints: readonly Endpoint[]
  /** Of the stronger tiers, weakest tier first. */
  readonly stronger: readonly Endpoint[]
  readonly strategy: 'sequential' | 'random' | 'adaptive'
  readonly limits: TimeLimits
  readonly retry: RetryPolicy
}

export interface Rule {
  readonly index: number
  readonly tier: Tier
  /** NFKC and lower-cased. */
  readonly keywords: readonly string[]
  readonly patterns: readonly RE2JS[]
  readonly whole: boolean
}

interface LocalSettings {
  readonly preference: 'economy' | 'balanced' | 'quality'
  /** The cascade asks a language model where the local one is less sure than this. */
  readonly askBelow: number
}

export interface LlmSettings {
  readonly endpoint: Endpoint
  readonly timeoutMs: number
  readonly history: number
  readonly prompt: string | null
}

/**
 * The compiled configuration. Deep-frozen: a request reads it once and sees one version to its
 * end, whatever is saved meanwhile.
 */
export interface Snapshot {
  /** First 16 hex digits of the SHA-256 of the source text. */
  readonly revision: string
  readonly document: ConfigDocument
  readonly server: {
    readonly host: string
    readonly port: number
    readonly drainMs: number
    readonly bodyLimitBytes: number
    readonly maxInflight: number
    readonly keepAliveAfterMs: number
    readonly slowClientMs: number
  }
  /** Limits of every key, and of those that have their own. */
  readonly keyLimits: KeyLimits
  readonly keyLimitsOf: ReadonlyMap<string, KeyLimits>
  /** Accepted gateway keys from the file, empty ones dropped. */
  readonly gatewayKeys: readonly string[]
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly defaultUpstream: Upstream | null
  /** model id -> endpoint */
  readonly modelMap: ReadonlyMap<string, Endpoint>
  readonly pools: Readonly<Record<Tier, Pool>>
  /** Policy of pinned requests. */
  readonly pinned: Pick<Pool, 'limits' | 'retry'>
  readonly routing: {
    readonly enabled: boolean
    readonly unknownModel: 'route' | 'pass' | 'reject'
    readonly rules: readonly Rule[]
    readonly classifier: 'local' | 'llm' | 'cascade' | 'none'
    readonly local: LocalSettings
    /** Off unless the operator turns it on. */
    readonly learning: { readonly enabled: boolean; readonly holdOut: number }
    readonly fallbackTier: Tier
    readonly llm: LlmSettings | null
  }
  /** Fill gaps only. */
  readonly globalParams: readonly Param[]
  readonly logs: {
    readonly retentionDays: number
    readonly bodies: 'full' | 'redacted' | 'none'
    readonly bodyLimitBytes: number
  }
  /** Every secret value in the document, in each of its spellings, for scrubbing. */
  readonly secrets: readonly string[]
  /** The endpoint of any model at a configured upstream, with its parameters. Memoised. */
  endpointOf(upstream: Upstream, model: string): Endpoint
}
