import { createHash } from 'node:crypto'
import type { Message } from '../classify/message.ts'
import { type Tier, tierIndex, TIERS } from '../contract/tier.ts'
import { assembleStream } from '../dialect/assemble-stream.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import { asArray, asText, field, parseJson } from '../kit/json-value.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import type { Feedback } from './lessons.ts'

/**
 * How much it counts when nobody says that a decision was wrong but the course of things suggests
 * it; a human's word counts 1.
 */
const WEIGHT = {
  /** The answer was none: empty, a refusal, or not in the form that was asked for. */
  refused: 0.2,
  /** A language model that was asked because the local one was unsure said so. */
  judged: 0.3,
  /** The same was asked again soon after it had been answered. */
  repeated: 0.3,
  /** It was sent again to a higher tier, named by the caller. */
  upgraded: 0.5,
} as const

/** What is told of the answers of one request; read only where there is a decision to learn about. */
export interface Answers {
  readonly attempts: readonly Pick<AttemptResult, 'outcome' | 'finishReason' | 'body'>[]
  /** The stream that the client got, or null where there was none or not all of it was kept. */
  readonly streamed: () => readonly Buffer[] | null
  readonly request: Pick<ChatRequest, 'bytes' | 'members'>
}

/**
 * The lesson of attempts whose answer was none, or null. A provider's fault teaches nothing, and
 * neither do the operator's words for one.
 */
export function refusedLesson(
  requestId: string,
  decidedTier: (requestId: string) => number | null,
  answers: Answers,
): Feedback | null {
  const decided = decidedTier(requestId)
  if (decided === null || !answers.attempts.some((attempt) => isPoor(attempt, answers))) return null
  return above(requestId, decided, WEIGHT.refused)
}

/** A longer answer is an answer. */
const ANSWER_BYTES_MAX = 256 * 1024

function isPoor(
  { outcome, finishReason, body }: Answers['attempts'][number],
  { streamed, request }: Answers,
): boolean {
  if (outcome === 'empty') return true
  if (outcome !== 'ok') return false
  if (finishReason === 'content_filter') return true
  // What was cut off cannot be complete: that is the limit's fault, not the model's.
  if (finishReason === 'length') return false
  const completion = body === null ? assembled(streamed()) : parsed(body)
  const isJson = wantsJson(request)
  return asArray(field(completion, 'choices')).some((choice) =>
    isNoAnswer(field(choice, 'message'), isJson),
  )
}

function parsed(body: Buffer): unknown {
  return body.length > ANSWER_BYTES_MAX ? null : parseJson(body.toString())
}

function assembled(pieces: readonly Buffer[] | null): unknown {
  return pieces === null ? null : assembleStream(pieces)
}

/** The client's program reads the answer: "json_object" or "json_schema". */
function wantsJson({ bytes, members }: Answers['request']): boolean {
  const member = members.find(({ key }) => key === 'response_format')
  if (member === undefined) return false
  const format = parseJson(bytes.toString('utf8', member.valueStart, member.valueEnd))
  return asText(field(format, 'type'))?.startsWith('json') ?? false
}

/** A refusal, or what no program can read: a call's arguments, JSON that was asked for. */
function isNoAnswer(message: unknown, isJson: boolean): boolean {
  if ((asText(field(message, 'refusal')) ?? '') !== '') return true
  const calls = asArray(field(message, 'tool_calls'))
  const content = asText(field(message, 'content')) ?? ''
  if (isJson && calls.length === 0 && content.trim() !== '') {
    if (parseJson(content) === undefined) return true
  }
  return calls.some((call) => {
    const sent = asText(field(field(call, 'function'), 'arguments')) ?? ''
    // A function without parameters is called with none.
    return sent.trim() !== '' && parseJson(sent) === undefined
  })
}

export function judgedLesson(requestId: string, tier: Tier): Feedback {
  return { requestId, tier: tierIndex(tier), weight: WEIGHT.judged, by: 'judge' }
}

/** Long enough to read an answer and be dissatisfied; a job that runs each hour is no complaint. */
const REPEAT_MS_MAX = 120_000
const ASKS_MAX = 2_000

/** The part of the runs of letters of two asks that both have, from which they are the same ask. */
const LIKE_MIN = 0.9
const RUN_CHARS = 4
const LIKE_CHARS_MAX = 2_000

/** What a conversation asks as it stands. */
export interface Asking {
  /** Where it is asked. Two callers never share one. */
  readonly key: string
  /** The runs of letters of the ask, or null where only the same letters are the same ask. */
  readonly runs: ReadonlySet<string> | null
}

interface Answered {
  readonly requestId: string
  readonly tier: Tier
  readonly at: number
}

interface Remembered extends Answered, Pick<Asking, 'runs'> {
  /** It came again once: there is nothing more to be learnt from it. */
  readonly isJudged: boolean
}

/** Remembers asks that were answered a short time ago, to notice that one comes again. */
export class AnsweredAsks {
  readonly #asks = new Map<string, Remembered>()

  remember({ key, runs }: Asking, answered: Answered): void {
    const before = this.#asks.get(key)
    const isSame = before !== undefined && likeness(runs, before.runs) >= LIKE_MIN
    this.#asks.delete(key)
    this.#asks.set(key, { ...answered, runs, isJudged: isSame && before.isJudged })
    if (this.#asks.size <= ASKS_MAX) return
    const [oldest] = this.#asks.keys()
    if (oldest !== undefined) this.#asks.delete(oldest)
  }

  /**
   * What it says of the decision before that the ask comes again: `named` is the tier the caller
   * asks for this time, or null. Said once for as long as the ask is remembered: who sends the same
   * again and again is a program.
   */
  judge({ key, runs }: Asking, named: Tier | null, now: number): Feedback | null {
    const before = this.#asks.get(key)
    if (before === undefined || before.isJudged || now - before.at > REPEAT_MS_MAX) return null
    if (likeness(runs, before.runs) < LIKE_MIN) return null
    this.#asks.set(key, { ...before, isJudged: true })
    const { requestId } = before
    const decided = TIERS.indexOf(before.tier)
    if (named === null) return above(requestId, decided, WEIGHT.repeated)
    return TIERS.indexOf(named) > decided
      ? { requestId, tier: tierIndex(named), weight: WEIGHT.upgraded, by: 'nobody' }
      : null
  }
}

/**
 * A first ask is known by its letters: programs fill one form with many things, and those are no
 * repeats. After an answer a human writes, and may change a word before asking again: the ask is
 * known by what stands before it and by its runs of letters.
 */
export function askingOf(keyName: string | null, messages: readonly Message[]): Asking {
  const last = messages.findLastIndex(({ role, isToolResult }) => role === 'user' && !isToolResult)
  const past = messages.slice(0, Math.max(0, last))
  const ask = messages[last]
  return ask !== undefined && past.some(({ role }) => role === 'assistant')
    ? { key: nameOf(keyName, past, ask.images), runs: runsOf(ask.text) }
    : { key: nameOf(keyName, messages, null), runs: null }
}

function nameOf(
  keyName: string | null,
  messages: readonly Message[],
  imagesAfter: number | null,
): string {
  const said = messages.map(({ role, text, images }) => [role, text, images])
  return createHash('sha256')
    .update(JSON.stringify([keyName, said, imagesAfter]))
    .digest('base64')
}

function runsOf(text: string): ReadonlySet<string> {
  const letters = text.slice(0, LIKE_CHARS_MAX).toLowerCase().replaceAll(/\s+/g, ' ').trim()
  const runs = new Set<string>()
  for (let at = 0; at === 0 || at + RUN_CHARS <= letters.length; at++) {
    runs.add(letters.slice(at, at + RUN_CHARS))
  }
  return runs
}

/** Jaccard's index: 1 for the same runs, 0 for none in common. */
function likeness(left: Asking['runs'], right: Asking['runs']): number {
  if (left === null || right === null) return left === right ? 1 : 0
  const common = [...left].filter((run) => right.has(run)).length
  return common / (left.size + right.size - common)
}

/** The decision should have been the tier above; null where there is none. */
function above(requestId: string, decided: number, weight: number): Feedback | null {
  const higher = TIERS[decided + 1]
  if (higher === undefined) return null
  return { requestId, tier: tierIndex(higher), weight, by: 'nobody' }
}
