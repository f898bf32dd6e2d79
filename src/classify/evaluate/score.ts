import { type Tier, TIERS } from '../../contract/tier.ts'
import type { Logits } from '../local/logits.ts'
import type { Labelled } from './labelled.ts'

/** What a classifier said of one row. */
export interface Said {
  readonly tier: Tier
  /** Null where the classifier has none, as a rule of length. */
  readonly probabilities: Readonly<Logits> | null
}

/** The figures of one classifier on one set. Shares are 0 to 1. */
export interface Score {
  readonly rows: number
  readonly accuracy: number
  /** Null where no row is clear. */
  readonly clearAccuracy: number | null
  readonly byLanguage: Readonly<
    Record<string, { readonly rows: number; readonly accuracy: number }>
  >
  /** Null for a tier that no row needs. */
  readonly recall: Readonly<Record<Tier, number | null>>
  readonly underRouted: number
  /** Rows by right tier, then by said tier. */
  readonly confusion: readonly (readonly number[])[]
  readonly calibrationError: number | null
  /** Cost saved against the strongest tier always, where 95 % of rows get a tier that is enough. */
  readonly savedAtAdequate: number | null
  /** The same for the tiers as said, and how many of them are enough. */
  readonly saved: number
  readonly adequate: number
}

/** What a request costs by tier; only the proportions matter. */
const PRICES: Readonly<Logits> = [1, 5, 25]
const ADEQUATE = 0.95
const BINS = 10

export function scoreOf(rows: readonly Labelled[], said: readonly Said[]): Score {
  const hits = rows.map((row, index) => (said[index]?.tier === row.tier ? 1 : 0))
  const clear = hits.filter((_, index) => rows[index]?.isBorderline === false)
  const confusion = TIERS.map((right) =>
    TIERS.map(
      (tier) => rows.filter((row, at) => row.tier === right && said[at]?.tier === tier).length,
    ),
  )
  const share = (tier: number): number | null => {
    const line = confusion[tier] ?? []
    const right = sum(line)
    return right === 0 ? null : (line[tier] ?? 0) / right
  }
  const under = rows.filter((row, at) => rank(said[at]?.tier) < rank(row.tier)).length
  return {
    rows: rows.length,
    accuracy: mean(hits),
    clearAccuracy: clear.length === 0 ? null : mean(clear),
    byLanguage: byLanguage(rows, hits),
    recall: { t1: share(0), t2: share(1), t3: share(2) },
    underRouted: under / Math.max(1, rows.length),
    confusion,
    calibrationError: calibrationError(rows, said),
    savedAtAdequate: savedAtAdequate(rows, said),
    saved: savedBy(said.map(({ tier }) => tier)),
    adequate: 1 - under / Math.max(1, rows.length),
  }
}

function byLanguage(rows: readonly Labelled[], hits: readonly number[]): Score['byLanguage'] {
  const groups: Record<string, number[]> = {}
  for (const [index, { lang }] of rows.entries()) {
    const group = lang === 'en' || lang === 'zh' ? lang : 'other'
    ;(groups[group] ??= []).push(hits[index] ?? 0)
  }
  return Object.fromEntries(
    Object.entries(groups).map(([lang, of]) => [lang, { rows: of.length, accuracy: mean(of) }]),
  )
}

/** How far stated confidence is from being right, over bins of confidence. */
function calibrationError(rows: readonly Labelled[], said: readonly Said[]): number | null {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, hits: 0, rows: 0 }))
  for (const [index, { probabilities }] of said.entries()) {
    if (probabilities === null) return null
    const confidence = Math.max(...probabilities)
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]
    if (bin === undefined) continue
    bin.confidence += confidence
    // Confidence is stated for the likeliest tier, so that must be right, whichever was preferred.
    bin.hits += TIERS[probabilities.indexOf(confidence)] === rows[index]?.tier ? 1 : 0
    bin.rows++
  }
  const off = bins.map((bin) => Math.abs(bin.confidence - bin.hits))
  return sum(off) / Math.max(1, said.length)
}

/** Raises the price of an answer that is not enough until enough rows get one; null where it cannot be. */
function savedAtAdequate(rows: readonly Labelled[], said: readonly Said[]): number | null {
  for (let shortfall = 0.5; shortfall < 600; shortfall *= 1.03) {
    const tiers: Tier[] = []
    for (const { probabilities } of said) {
      if (probabilities === null) return null
      tiers.push(cheapest(probabilities, shortfall))
    }
    const enough = rows.filter((row, at) => rank(tiers[at]) >= rank(row.tier)).length
    if (enough / rows.length >= ADEQUATE) return savedBy(tiers)
  }
  return null
}

/** The tier of the least expected price, where an answer that is not enough costs `shortfall` more. */
function cheapest(probabilities: Readonly<Logits>, shortfall: number): Tier {
  const costs = TIERS.map(
    (_, chosen) => (PRICES[chosen] ?? 0) + shortfall * sum(probabilities.slice(chosen + 1)),
  )
  return TIERS[costs.indexOf(Math.min(...costs))] ?? 't3'
}

function savedBy(tiers: readonly Tier[]): number {
  const cost = sum(tiers.map((tier) => PRICES[TIERS.indexOf(tier)] ?? 0))
  return 1 - cost / (Math.max(1, tiers.length) * PRICES[2])
}

function rank(tier: Tier | undefined): number {
  return tier === undefined ? -1 : TIERS.indexOf(tier)
}

function mean(values: readonly number[]): number {
  return sum(values) / Math.max(1, values.length)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
