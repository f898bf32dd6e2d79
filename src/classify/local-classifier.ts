import type { Snapshot } from '../config/snapshot.ts'
import { type Tier, tierIndex } from '../contract/tier.ts'
import type { Clock } from '../kit/clock.ts'
import type { Classifier, Intent, Opinion } from './classifier.ts'
import { type HumanAsk, readHumanAsk } from './human-ask.ts'
import { judgedAsk } from './judged-ask.ts'
import {
  adjusted,
  type Applied,
  bucketsOf,
  type Hashed,
  type Noted,
  type Residual,
} from './learning/residual.ts'
import { decideTier, type Preference } from './local/decide-tier.ts'
import type { Estimate, TierModel } from './local/tier-model.ts'
import { shippedModel } from './shipped-model.ts'

/** What the local model says of an ask. */
export interface LocalVote extends Estimate {
  readonly tier: Tier
  /** Probability of the likeliest tier. */
  readonly confidence: number
  /** What learning keeps of the ask, or null where it is off. */
  readonly hashed: Noted | null
  readonly ms: number
}

/** What this gateway has learnt on top of the shipped model. */
export interface Learnt {
  residual(now: number): Residual | null
  random(): number
}

const NOTHING_LEARNT: Learnt = { residual: () => null, random: () => 0 }

/** The tier by the model that ships with the gateway: no network, no waiting. */
export class LocalClassifier implements Classifier {
  readonly #clock: Clock
  readonly #learnt: Learnt
  /** Chance is asked once per ask, however often the ask is looked at. */
  readonly #draws = new WeakMap<Intent, number>()
  #model: TierModel | null = null

  constructor(clock: Clock, learnt: Learnt = NOTHING_LEARNT) {
    this.#clock = clock
    this.#learnt = learnt
  }

  get model(): TierModel {
    return (this.#model ??= shippedModel())
  }

  warm(): void {
    // A decision or two, so that the first request finds compiled code.
    for (const text of ['hello', '你好']) this.model.estimate(askOf(text))
  }

  vote(snapshot: Snapshot, intent: Intent): LocalVote {
    const startedAt = this.#clock.now()
    const { local, learning } = snapshot.routing
    const { model } = this
    const ask = judgedAsk(intent.ask())
    const estimate = model.estimate(ask, (probabilities) =>
      tierIndex(decideTier(probabilities, local.preference)),
    )
    const ms = (): number => this.#clock.now() - startedAt
    if (!learning.enabled) {
      return { ...voteOf(estimate, local.preference), hashed: null, ms: ms() }
    }
    const shipped: Hashed = {
      buckets: bucketsOf(model.pieces(ask)),
      probabilities: estimate.probabilities,
    }
    const residual = this.#learnt.residual(this.#clock.now())
    const learnt = this.#applied(intent, residual, learning.holdOut)
    const probabilities =
      residual === null || learnt === 'held_out'
        ? estimate.probabilities
        : adjusted(shipped, residual)
    const vote = voteOf({ ...estimate, probabilities }, local.preference)
    const hashed: Noted = {
      ...shipped,
      model: model.version,
      learnt,
      said: tierIndex(vote.tier),
    }
    return { ...vote, hashed, ms: ms() }
  }

  classify(snapshot: Snapshot, intent: Intent): Promise<Opinion> {
    return Promise.resolve(this.opinionOf(this.vote(snapshot, intent)))
  }

  opinionOf(vote: LocalVote): Opinion {
    return {
      verdict: {
        tier: vote.tier,
        by: 'local',
        detail: detailOf(vote),
        confidence: vote.confidence,
      },
      ...(vote.hashed === null ? {} : { hashed: vote.hashed }),
      record: {
        model: `local/${this.model.version}`,
        ms: vote.ms,
        answer: answerOf(vote),
        error: null,
        usage: null,
      },
    }
  }

  /** Some decisions stay as they were, so that what was learnt can be measured against them. */
  #applied(intent: Intent, residual: Residual | null, holdOut: number): Applied {
    if (residual === null) return null
    const drawn = this.#draws.get(intent) ?? this.#learnt.random()
    this.#draws.set(intent, drawn)
    return drawn < holdOut ? 'held_out' : residual.version
  }
}

function voteOf(
  estimate: Estimate,
  preference: Preference,
): Pick<LocalVote, 'tier' | 'confidence' | keyof Estimate> {
  const tier = decideTier(estimate.probabilities, preference)
  return { ...estimate, tier, confidence: Math.max(...estimate.probabilities) }
}

const askOf = (text: string): HumanAsk =>
  readHumanAsk([{ role: 'user', text, images: 0, isToolResult: false }])

/** `p=0.93; why=words,formula; learnt=2`: short and ASCII, it goes into a header. */
export function detailOf(vote: LocalVote): string {
  const why = vote.parts.map(({ name }) => name.replaceAll(' ', '_')).join(',')
  const detail = `p=${vote.probabilities[tierIndex(vote.tier)].toFixed(2)}`
  return `${detail}${why === '' ? '' : `; why=${why}`}${learntDetail(vote)}`
}

/** Which of the two groups a decision is in, so that the log can tell them apart. */
function learntDetail({ hashed }: LocalVote): string {
  const learnt = hashed?.learnt ?? null
  return learnt === null ? '' : `; learnt=${learnt}`
}

/** The same in full, for the log and the dry run. */
export function answerOf({ tier, probabilities, parts }: LocalVote): string {
  const shares = probabilities.map((p, index) => `t${index + 1}=${p.toFixed(3)}`).join(' ')
  const why = parts.map(({ name, weight }) => `${name} +${weight.toFixed(2)}`).join(', ')
  return `${tier} ${shares}${why === '' ? '' : ` (${why})`}`
}
