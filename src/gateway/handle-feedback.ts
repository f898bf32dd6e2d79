import { z } from 'zod'
import { type TierIndex, tierIndex, TIERS } from '../contract/tier.ts'
import { parseJson } from '../kit/json-value.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import type { Course, Feedback } from './lessons.ts'
import { readChatBody } from './read-chat-body.ts'
import { reject } from './reject.ts'
import { clientError } from './render-error.ts'
import { routeHeaders } from './response-headers.ts'
import type { Turn } from './turn.ts'

const feedbackSchema = z
  .strictObject({
    request_id: z.string().min(1).max(100),
    tier: z.enum(TIERS).optional(),
    score: z.number().min(-1).max(1).optional(),
  })
  .refine(({ tier, score }) => (tier === undefined) !== (score === undefined))

/** A score says less than a tier: how good the answer was, not what would have been enough. */
const SCORE_WEIGHT = 0.5

/** POST /v1/feedback: `{request_id, tier}` names the right tier, `{request_id, score}` -1 to 1. */
export async function handleFeedback(deps: GatewayDeps, turn: Turn): Promise<void> {
  const bytes = await readChatBody(turn)
  if (bytes === null) return
  if (!turn.snapshot.routing.learning.enabled) {
    const text = 'Learning is off. The operator turns it on with routing.learning.enabled.'
    return reject(turn, clientError('not_found', text))
  }
  const parsed = feedbackSchema.safeParse(parseJson(bytes.toString()))
  if (!parsed.success) {
    const text =
      'Expected {"request_id", "tier": "t1" to "t3"} or {"request_id", "score": -1 to 1}.'
    return reject(turn, clientError('invalid_request_error', text, 'request_id'))
  }
  const { request_id: requestId, tier, score } = parsed.data
  const course = deps.lessons.courseOf(requestId)
  // Who does not hold the key of a request learns nothing of it, not even that there is one.
  if (course === null || course.keyName !== turn.draft.keyName) {
    const text = `The request "${requestId}" is not known, or the local model did not decide it.`
    return reject(turn, clientError('not_found', text, 'request_id'))
  }
  const said =
    tier === undefined ? byScore(course, score ?? 0) : { tier: tierIndex(tier), weight: 1 }
  const lesson: Feedback = { requestId, ...said, by: 'caller' }
  const kept = await (lesson.weight === 0
    ? deps.lessons.withdraw(requestId, 'caller')
    : deps.lessons.keep(lesson))
  if (kept === 'unwritable') {
    const text = 'The feedback could not be stored: the gateway cannot write its data folder.'
    return reject(turn, clientError('storage_unavailable', text))
  }
  turn.draft.status = 200
  const body = Buffer.from(JSON.stringify({ object: 'feedback', request_id: requestId }))
  turn.inbound.respond(200, [...routeHeaders(turn.draft), 'content-type', 'application/json'], body)
}

/**
 * A good answer confirms what was named for the ask, or that less was enough: that images or length
 * raised the tier says nothing of it. A bad one asks for more than the tier that gave it. Neither
 * good nor bad teaches nothing, nor does bad where there is no more: that T3 was not enough does
 * not make it right.
 */
function byScore({ named, answered }: Course, score: number): Pick<Feedback, 'tier' | 'weight'> {
  const wanted = score < 0 ? answered + 1 : Math.min(named, answered)
  const weight = wanted < TIERS.length ? SCORE_WEIGHT * Math.abs(score) : 0
  return { tier: asTier(wanted), weight }
}

function asTier(index: number): TierIndex {
  return index <= 0 ? 0 : index === 1 ? 1 : 2
}
