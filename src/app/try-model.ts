import type { Endpoint, Snapshot } from '../config/snapshot.ts'
import { readAnswer } from '../dialect/answer.ts'
import { assembleStream } from '../dialect/assemble-stream.ts'
import { type ChatRequest, parseChatRequest } from '../dialect/chat-request.ts'
import { systemClock } from '../kit/clock.ts'
import type { Dispatcher } from '../transport/transport.ts'
import type { AttemptResult } from '../upstream/attempt-result.ts'
import { KeywordJudge } from '../upstream/keyword-judge.ts'
import { send } from '../upstream/send.ts'

const ANSWER_BYTES_MAX = 64 * 1024
const QUESTION = 'Reply with the one word: ready'

/** One streamed question to one model, by the code that answers clients: same outcomes, same times. */
export async function tryModel(
  dispatcher: Dispatcher,
  { snapshot, endpoint }: { readonly snapshot: Snapshot; readonly endpoint: Endpoint },
  limitMs: number,
): Promise<{ readonly result: AttemptResult; readonly text: string }> {
  const pieces: Buffer[] = []
  let bytes = 0
  const { limits, retry } = snapshot.pinned
  const result = await send(
    { dispatcher, clock: systemClock },
    {
      endpoint,
      request: question(endpoint.model),
      globalParams: snapshot.globalParams,
      adaptation: { without: new Set(), resume: null, maxOutputTokens: null },
      limits,
      deadlineAt: systemClock.now() + limitMs,
      judge: new KeywordJudge(retry.errorKeywords, () => QUESTION),
      retryStatus: retry.statusCodes,
      sink: {
        commit: () => {},
        write: (piece) => {
          bytes += piece.length
          if (bytes <= ANSWER_BYTES_MAX) pieces.push(piece)
        },
        finish: () => {},
      },
      key: 0,
      waitedMs: 0,
      fresh: false,
      hop: 1,
      onStart: () => {},
      isPaused: () => false,
    },
  )
  return { result, text: readAnswer(assembleStream(pieces)).text }
}

function question(model: string): ChatRequest {
  const messages = [{ role: 'user', content: QUESTION }]
  const parsed = parseChatRequest(Buffer.from(JSON.stringify({ model, stream: true, messages })))
  if (parsed.kind !== 'chat') throw new Error(`our own question is ${parsed.kind}`)
  return parsed.request
}
