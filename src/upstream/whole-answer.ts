import { type AnswerFacts, readAnswer } from '../dialect/answer.ts'
import { completionToStream } from '../dialect/completion-to-stream.ts'
import type { ProviderError } from '../dialect/error-body.ts'
import { parseJson } from '../kit/json-value.ts'
import type { Outcome } from '../contract/exchange.ts'
import { type AnswerEnd, type AnswerReader, type AnswerSink, describe } from './attempt-result.ts'
import { classifyFailure } from './failure.ts'
import type { Resume, SentAnswer } from './continuation.ts'
import { isEmpty } from './is-empty.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import { StreamAnswer } from './stream-answer.ts'

/** A provider's answer is refused above this, so that one answer cannot exhaust the memory. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

export interface WholeAnswerOptions {
  readonly judge: KeywordJudge
  /** Present where the client wants a stream: the answer is converted. */
  readonly sink: AnswerSink | null
  readonly includeUsage: boolean
  readonly resume: Resume | null
}

/** Collects an answer and judges it as a whole before the client sees a byte. */
export class WholeAnswer implements AnswerReader {
  readonly #options: WholeAnswerOptions
  readonly #pieces: Buffer[] = []
  #bytes = 0
  progress = 0
  sent: SentAnswer | null

  constructor(options: WholeAnswerOptions) {
    this.#options = options
    this.sent = options.resume?.sent ?? null
  }

  push(chunk: Buffer): AnswerEnd | null {
    this.#pieces.push(chunk)
    this.progress++
    this.#bytes += chunk.length
    return this.#bytes > ANSWER_BYTES_MAX ? bad('the answer is too large') : null
  }

  end(): AnswerEnd {
    const body = joined(this.#pieces)
    const text = body.toString('utf8')
    if (text.trim() === '') return failed('empty', describe('the answer has no body'))
    const value = parseJson(text)
    if (value === undefined) return bad('the answer is not JSON')
    return this.#judge(body, readAnswer(value))
  }

  fail(outcome: Outcome, message: string): AnswerEnd {
    return failed(outcome, describe(message))
  }

  /** The same answer as a stream; null where that went well. */
  #convert(body: Buffer, sink: AnswerSink): AnswerEnd | null {
    const { includeUsage, resume, judge } = this.#options
    let events: Buffer
    try {
      events = completionToStream(body, includeUsage || resume !== null)
    } catch {
      // What JSON.parse reads may be nested too deeply for JSON.stringify.
      return bad('the answer is nested too deeply')
    }
    if (resume !== null) {
      const stream = new StreamAnswer({ judge, sink, includeUsage, resume })
      return stream.push(events) ?? stream.end()
    }
    sink.commit()
    sink.write(events)
    sink.finish()
    return null
  }

  #judge(body: Buffer, facts: AnswerFacts): AnswerEnd {
    if (facts.error !== null) return failed(classifyFailure(200, facts.error), facts.error)
    if (isEmpty(facts)) return failed('empty', describe('the answer has no content'))
    const keyword = facts.substance ? null : this.#options.judge.find(facts.text.trim())
    if (keyword !== null) return failed('keyword', describe(facts.text.trim()))
    const { sink } = this.#options
    const { usage, finishReason } = facts
    if (sink === null) return { outcome: 'ok', error: null, body, usage, finishReason }
    return (
      this.#convert(body, sink) ?? { outcome: 'ok', error: null, body: null, usage, finishReason }
    )
  }
}

/** Most answers come in one piece, which needs no copy. */
function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
}

function bad(message: string): AnswerEnd {
  return failed('bad_body', describe(message))
}

function failed(outcome: Outcome, error: ProviderError): AnswerEnd {
  return { outcome, error, body: null, usage: null, finishReason: null }
}
