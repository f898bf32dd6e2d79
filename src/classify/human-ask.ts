import { type Stripped, endsExamples, stripAgentNoise } from './agent-noise.ts'
import { MEDIA, RESULT } from './agent-markers.ts'
import { isBareChoice, isContinuation } from './continuation.ts'
import type { Message, Talk } from './message.ts'
import { saidInResult } from './said-in-result.ts'
import { isSideRequest } from './side-request.ts'
import { openingOrder, type StandingOrder, standingOrder, withMaterial } from './standing-order.ts'

/** What the human wants now, freed of everything that programs put around it. */
export interface HumanAsk {
  /** The ask that counts: the last one, or the one that a continuation continues. */
  readonly text: string
  /** The human's last words, also where they only say "go on". */
  readonly said: string
  /** What rules look at: `said`, but under a standing order the human's words and not the order. */
  readonly words: string
  /** Up to three earlier human turns, oldest first. */
  readonly earlier: readonly string[]
  /**
   * The newest three turns that want something, newest first, the ask that counts included: what a
   * session is known by. Where nothing but "go on" was said, that.
   */
  readonly asks: readonly string[]
  /** The end of what the assistant said last before the ask; empty where it said nothing. */
  readonly proposal: string
  /** What an agent put beside the ask, cut: all there is to judge a bare "continue" by. */
  readonly surroundings: string
  /** Images in the last human turn. */
  readonly images: number
  /**
   * `ask`: the human wants something new. `continuation`: "go on", "yes". `tool_loop`: the last
   * message is no human's. `nothing`: no human text at all.
   */
  readonly phase: 'ask' | 'continuation' | 'tool_loop' | 'nothing'
}

const EARLIER_MAX = 3
const ASKS_MAX = 3
/** What came before the human's newest turn is looked for this far back from it, the turn itself ten times as far: a tool loop may be long. */
const MESSAGES_MAX = 400
/** Who speaks for the human in a talk of agents has said something by then. */
const OPENING_MESSAGES_MAX = 8
/** So many messages of images at once belong to one round of calls. */
const MEDIA_MAX = 16
const TEXT_CHARS_MAX = 64 * 1024
const EARLIER_CHARS_MAX = 2_000
const ASKS_CHARS_MAX = 500
const SURROUNDINGS_CHARS_MAX = 2_000
const PROPOSAL_CHARS_MAX = 400

interface HumanTurn {
  readonly at: number
  readonly text: string
  readonly noise: string
  readonly images: number
  /** It asks for nothing of its own. */
  readonly continues: boolean
}

/** Reads messages, oldest first, and finds the human in them. Pure; never throws. */
export function readHumanAsk(messages: Talk): HumanAsk {
  const turns = humanTurns(messages)
  const [last] = turns
  const isLoop = last !== undefined && hasResultAfter(messages, last.at)
  const order = isLoop ? openingOrder(messages) : standingOrder(messages)
  if (order !== null && !isLoop) return ordered(order, last)
  if (last === undefined) return nothing(messages)
  const { continues } = last
  const counting = continues ? (turns.find((turn) => !turn.continues) ?? last) : last
  // What is asked about the talk is as easy or as hard whatever was said in it.
  const isSide = isSideRequest(counting.text)
  const said = continues ? last.text : cut(last.text, TEXT_CHARS_MAX)
  return {
    text: cut(counting.text, TEXT_CHARS_MAX),
    said,
    words: said,
    earlier: isSide ? [] : earlierThan(counting, turns),
    asks: asksOf(counting, turns, order),
    proposal: isSide ? '' : proposalBefore(messages, last.at),
    // An image alone is no "continue": what an agent says beside it asks for nothing.
    surroundings: last.text === '' || isSide ? '' : last.noise.slice(0, SURROUNDINGS_CHARS_MAX),
    images: last.images,
    phase: isLoop ? 'tool_loop' : continues ? 'continuation' : 'ask',
  }
}

/**
 * Beside the human's words in a result an agent sends its details, which answer nothing, and the
 * results of the calls that stood beside.
 */
function hasResultAfter(messages: Talk, asked: number): boolean {
  let isInResult = messages.at(asked)?.isToolResult === true
  for (let at = asked + 1; at < messages.length; at++) {
    const message = messages.at(at)
    if (message === undefined) continue
    if (message.role === 'assistant') isInResult = false
    else if (!isInResult && (message.isToolResult || stripped(messages, at).isResult)) return true
  }
  return endsObserved(messages)
}

/** Some agents write the result below the call, in the assistant's own message. */
function endsObserved(messages: Talk): boolean {
  const last = messages.at(messages.length - 1)
  if (last?.role !== 'assistant') return false
  const called = last.text.lastIndexOf('\nAction Input:')
  return called >= 0 && last.text.includes('\nObservation:', called)
}

/** What was begun under an order is known by it in its round of tools as well. */
function asksOf(
  counting: HumanTurn,
  turns: readonly HumanTurn[],
  order: StandingOrder | null,
): readonly string[] {
  if (order !== null) return [askUnder(order, turns[0]?.text ?? '')]
  return (counting.continues ? [counting] : turns.filter((turn) => !turn.continues))
    .slice(0, ASKS_MAX)
    .map(({ text }) => cut(text, ASKS_CHARS_MAX))
}

function askUnder(order: StandingOrder, said: string): string {
  return cut(`${order.text}\n\n${said}`, ASKS_CHARS_MAX)
}

function earlierThan(counting: HumanTurn, turns: readonly HumanTurn[]): readonly string[] {
  return turns
    .slice(turns.indexOf(counting) + 1)
    .slice(0, EARLIER_MAX)
    .map(({ text }) => cut(text, EARLIER_CHARS_MAX))
    .reverse()
}

/** The human's words are the material of a standing order. */
function ordered(order: StandingOrder, turn: HumanTurn | undefined): HumanAsk {
  const said = turn?.text ?? ''
  const text = cut(withMaterial(order, said), TEXT_CHARS_MAX)
  return {
    text,
    said: text,
    // A talk that wants a title is no message of the human's.
    words: order.material === 'none' ? text : cut(said, TEXT_CHARS_MAX),
    earlier: [],
    asks: [askUnder(order, said)],
    proposal: '',
    surroundings: '',
    images: turn?.images ?? 0,
    phase: 'ask',
  }
}

const NONE: Stripped = { human: '', noise: '', isResult: false }

/** One message without what agents put into it. */
function stripped(messages: Talk, at: number): Stripped {
  const message = messages.at(at)
  if (message === undefined) return NONE
  if (message.role !== 'user') return message.isToolResult ? saidInResult(message.text) : NONE
  if (isOtherAgents(messages, message) || isMedia(messages, at)) {
    return { human: '', noise: message.text, isResult: true }
  }
  const before = at > 0 ? messages.at(at - 1) : undefined
  return stripAgentNoise(message.text, before?.role === 'assistant' ? before.text : '')
}

function hasImagesOfHuman(messages: Talk, at: number): boolean {
  const message = messages.at(at)
  if (message === undefined || message.images === 0 || message.isToolResult) return false
  return !isMedia(messages, at) && !RESULT.test(message.text)
}

/** The images of a result, which providers take from nobody but a user. */
function isMedia(messages: Talk, at: number): boolean {
  for (let from = at; from >= 0 && from > at - MEDIA_MAX; from--) {
    const message = messages.at(from)
    if (message?.isToolResult === true) return from < at
    const isImages = message?.role === 'user' && message.images > 0
    if (!isImages || !(message.text.trim() === '' || MEDIA.test(message.text))) return false
  }
  return false
}

/** Frameworks give what other agents said the human's role; who speaks for the human is named so. */
function isOtherAgents(messages: Talk, { name }: Message): boolean {
  if (name === undefined || PROXY.test(name)) return false
  for (let at = 0; at < Math.min(messages.length, OPENING_MESSAGES_MAX); at++) {
    const message = messages.at(at)
    if (message?.role === 'user' && PROXY.test(message.name ?? '')) return true
  }
  return false
}

const PROXY = /^(?:user|human|admin)(?:[_ -]?(?:proxy|agent))+$/i

/** Human turns, newest first: as many as the ask and its context need. */
function humanTurns(messages: Talk): readonly HumanTurn[] {
  const turns: HumanTurn[] = []
  const last = messages.length - 1
  let counting = 0
  for (let at = last; at >= 0 && counting <= EARLIER_MAX; at--) {
    // From the newest turn on, or each round of a loop would leave fewer of the turns before it.
    const isTooFar =
      turns[0] === undefined ? last - at >= 10 * MESSAGES_MAX : turns[0].at - at >= MESSAGES_MAX
    if (isTooFar) break
    const message = messages.at(at)
    if (message === undefined || (message.role !== 'user' && !message.isToolResult)) continue
    if (endsExamples(message.text)) break
    const { human, noise } = stripped(messages, at)
    if (human === '' && !hasImagesOfHuman(messages, at)) continue
    const continues =
      isContinuation(human) && (!isBareChoice(human) || proposalBefore(messages, at) !== '')
    turns.push({ at, text: human, noise, images: message.images, continues })
    if (!continues) counting++
  }
  return turns
}

function nothing(messages: Talk): HumanAsk {
  const end = messages.length - 1
  const user = lastOf(messages, 'user', end)
  const isLoop = messages.at(end)?.isToolResult === true || stripped(messages, end).isResult
  return {
    text: '',
    said: '',
    words: '',
    earlier: [],
    asks: [],
    proposal: '',
    surroundings: (user?.text ?? '').slice(0, SURROUNDINGS_CHARS_MAX),
    images: user?.images ?? 0,
    phase: isLoop ? 'tool_loop' : 'nothing',
  }
}

function proposalBefore(messages: Talk, at: number): string {
  const said = lastOf(messages, 'assistant', at - 1)
  return said === undefined ? '' : said.text.slice(-PROPOSAL_CHARS_MAX)
}

/** The last message of a role at or before a place. */
function lastOf(messages: Talk, role: string, from: number): Message | undefined {
  for (let at = from; at >= 0 && from - at < MESSAGES_MAX; at--) {
    const message = messages.at(at)
    if (message?.role === role) return message
  }
  return undefined
}

/** The ask of a long text stands at its beginning or its end. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const half = Math.floor((charsMax - 1) / 2)
  return `${text.slice(0, half)}\n${text.slice(-half)}`
}
