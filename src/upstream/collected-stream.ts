import type { Outcome } from '../contract/exchange.ts'
import { assembleStream } from '../dialect/assemble-stream.ts'
import { type AnswerEnd, type AnswerReader, describe } from './attempt-result.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import { StreamAnswer } from './stream-answer.ts'

/** As for answers that do not stream: one must not exhaust the memory. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/**
 * The provider streams although the client does not: the stream is judged like any other, and
 * becomes one completion when it is complete.
 */
export class CollectedStream implements AnswerReader {
  readonly #stream: StreamAnswer
  readonly #pieces: Buffer[] = []
  #bytes = 0
  /** The client has nothing before the end. */
  readonly sent = null

  constructor(judge: KeywordJudge) {
    const sink = {
      commit: () => {},
      write: (bytes: Buffer) => {
        this.#bytes += bytes.length
        if (this.#bytes <= ANSWER_BYTES_MAX) this.#pieces.push(bytes)
      },
      finish: () => {},
    }
    this.#stream = new StreamAnswer({ judge, sink, includeUsage: true, resume: null })
  }

  get progress(): number {
    return this.#stream.progress
  }

  push(chunk: Buffer): AnswerEnd | null {
    const end = this.#stream.push(chunk)
    if (this.#bytes > ANSWER_BYTES_MAX) return bad('the answer is too large')
    return end === null ? null : this.#whole(end)
  }

  end(): AnswerEnd {
    return this.#whole(this.#stream.end())
  }

  fail(outcome: Outcome, message: string): AnswerEnd {
    return this.#whole(this.#stream.fail(outcome, message))
  }

  #whole(end: AnswerEnd): AnswerEnd {
    if (end.outcome !== 'ok') return end
    try {
      return { ...end, body: Buffer.from(JSON.stringify(assembleStream(this.#pieces))) }
    } catch {
      // What JSON.parse reads may be nested too deeply for JSON.stringify.
      return bad('the answer is nested too deeply')
    }
  }
}

function bad(message: string): AnswerEnd {
  return {
    outcome: 'bad_body',
    error: describe(message),
    body: null,
    usage: null,
    finishReason: null,
  }
}
