import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../config/snapshot.ts'
import type { Tier } from '../contract/tier.ts'
import type { Clock } from '../kit/clock.ts'
import type { Classifier, Intent, Opinion } from './classifier.ts'
import { readModelAsset } from './local/asset.ts'
import { decideTier } from './local/decide-tier.ts'
import { type Estimate, TierModel } from './local/tier-model.ts'

/** What the local model says of an ask. */
export interface LocalVote extends Estimate {
  readonly tier: Tier
  /** Probability of the likeliest tier. */
  readonly confidence: number
}

/** The model ships beside the code, at the same depth from source and from the built package. */
const ASSET = fileURLToPath(new URL('../../assets/tier-model.bin', import.meta.url))

/** The tier by the model that ships with the gateway: no network, no waiting. */
export class LocalClassifier implements Classifier {
  readonly #clock: Clock
  #model: TierModel | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Reads the model now rather than with the first request. */
  warm(): TierModel {
    return (this.#model ??= new TierModel(readModelAsset(readFileSync(ASSET))))
  }

  vote(snapshot: Snapshot, intent: Intent): LocalVote {
    const estimate = this.warm().estimate(intent.ask())
    const tier = decideTier(estimate.probabilities, snapshot.routing.local.preference)
    return { ...estimate, tier, confidence: Math.max(...estimate.probabilities) }
  }

  classify(snapshot: Snapshot, intent: Intent): Promise<Opinion> {
    const startedAt = this.#clock.now()
    const vote = this.vote(snapshot, intent)
    const ms = this.#clock.now() - startedAt
    return Promise.resolve({
      verdict: {
        tier: vote.tier,
        by: 'local',
        detail: detailOf(vote),
        confidence: vote.confidence,
      },
      record: {
        model: `local/${this.warm().version}`,
        ms,
        answer: answerOf(vote),
        error: null,
        usage: null,
      },
    })
  }
}

/** `p=0.93; why=words,formula`: short and ASCII, it goes into a header. */
export function detailOf({ confidence, parts }: LocalVote): string {
  const why = parts.map(({ name }) => name.replaceAll(' ', '_')).join(',')
  return why === '' ? `p=${confidence.toFixed(2)}` : `p=${confidence.toFixed(2)}; why=${why}`
}

/** The same in full, for the log and the dry run. */
export function answerOf({ tier, probabilities, parts }: LocalVote): string {
  const shares = probabilities.map((p, index) => `t${index + 1}=${p.toFixed(3)}`).join(' ')
  const why = parts.map(({ name, weight }) => `${name} +${weight.toFixed(2)}`).join(', ')
  return `${tier} ${shares}${why === '' ? '' : ` (${why})`}`
}
