import type { Outcome } from '../contract/exchange.ts'
import { assembleStream } from '../dialect/assemble-stream.ts'
import type { AnswerEnd, AnswerReader } from './attempt-result.ts'
import type { KeywordJudge } from './keyword-judge.ts'
import { StreamAnswer } from './stream-answer.ts'

/**
 * The provider streams although the client does not: the stream is judged like any other, and
 * becomes one completion when it is complete.
 */
export class CollectedStream implements AnswerReader {
  readonly #stream: StreamAnswer
  readonly #pieces: Buffer[] = []
  /** The client has nothing before the end. */
  readonly sent = null

  constructor(judge: KeywordJudge) {
    const sink = {
      commit: () => {},
      write: (bytes: Buffer) => void this.#pieces.push(bytes),
      finish: () => {},
    }
    this.#stream = new StreamAnswer({ judge, sink, includeUsage: true, resume: null })
  }

  get progress(): number {
    return this.#stream.progress
  }

  push(chunk: Buffer): AnswerEnd | null {
    const end = this.#stream.push(chunk)
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
    return { ...end, body: Buffer.from(JSON.stringify(assembleStream(this.#pieces))) }
  }
}
