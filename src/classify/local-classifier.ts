import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../config/snapshot.ts'
import type { Tier } from '../contract/tier.ts'
import type { Clock } from '../kit/clock.ts'
import type { Classifier, Intent, Opinion } from './classifier.ts'
import { type HumanAsk, readHumanAsk } from './human-ask.ts'
import { adjusted, bucketsOf, type Hashed, type Residual } from './learning/residual.ts'
import { readModelAsset } from './local/asset.ts'
import { decideTier, type Preference } from './local/decide-tier.ts'
import { type Estimate, TierModel } from './local/tier-model.ts'

/** What the local model says of an ask. */
export interface LocalVote extends Estimate {
  readonly tier: Tier
  /** Probability of the likeliest tier. */
  readonly confidence: number
  /** What learning keeps of the ask, or null where it is off. */
  readonly hashed: Hashed | null
}

/** What this gateway has learnt on top of the shipped model. */
export interface Learnt {
  residual(now: number): Residual | null
  random(): number
}

const NOTHING_LEARNT: Learnt = { residual: () => null, random: () => 0 }

/** The model ships beside the code, at the same depth from source and from the built package. */
const ASSET = fileURLToPath(new URL('../../assets/tier-model.bin', import.meta.url))

/** The tier by the model that ships with the gateway: no network, no waiting. */
export class LocalClassifier implements Classifier {
  readonly #clock: Clock
  readonly #learnt: Learnt
  #model: TierModel | null = null

  constructor(clock: Clock, learnt: Learnt = NOTHING_LEARNT) {
    this.#clock = clock
    this.#learnt = learnt
  }

  get model(): TierModel {
    return (this.#model ??= new TierModel(readModelAsset(readFileSync(ASSET))))
  }

  warm(): void {
    // A decision or two, so that the first request finds compiled code.
    for (const text of ['hello', '你好']) this.model.estimate(askOf(text))
  }

  vote(snapshot: Snapshot, intent: Intent): LocalVote {
    const { local, learning } = snapshot.routing
    const { model } = this
    const estimate = model.estimate(intent.ask())
    if (!learning.enabled) return voteOf(estimate, local.preference, null)
    const hashed: Hashed = {
      buckets: bucketsOf(model.pieces(intent.ask())),
      probabilities: estimate.probabilities,
    }
    const residual = this.#learnt.residual(this.#clock.now())
    // Some decisions stay as they were, so that what was learnt can be measured against them.
    const applies = residual !== null && this.#learnt.random() >= learning.holdOut
    const probabilities = applies ? adjusted(hashed, residual) : estimate.probabilities
    return voteOf({ ...estimate, probabilities }, local.preference, hashed)
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
      ...(vote.hashed === null ? {} : { hashed: vote.hashed }),
      record: {
        model: `local/${this.model.version}`,
        ms,
        answer: answerOf(vote),
        error: null,
        usage: null,
      },
    })
  }
}

function voteOf(estimate: Estimate, preference: Preference, hashed: Hashed | null): LocalVote {
  const tier = decideTier(estimate.probabilities, preference)
  return { ...estimate, tier, confidence: Math.max(...estimate.probabilities), hashed }
}

const askOf = (text: string): HumanAsk =>
  readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])

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
