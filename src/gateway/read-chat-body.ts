import { clientError } from './render-error.ts'
import { reject } from './reject.ts'
import type { Turn } from './turn.ts'

/** Reads the body within its limit; null where the request has been answered or is gone. */
export async function readChatBody(turn: Turn): Promise<Buffer | null> {
  const { inbound, snapshot, draft } = turn
  const limit = snapshot.server.bodyLimitBytes
  const encoding = inbound.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    reject(
      turn,
      clientError('unsupported_media_type', `Content-Encoding "${encoding}" is not accepted.`),
    )
    return null
  }
  const body = await inbound.readBody(limit)
  switch (body.kind) {
    case 'body':
      draft.requestBody = body.bytes
      draft.requestBytes = body.bytes.length
      return body.bytes
    case 'too_large': {
      draft.requestBytes = body.bytes
      const message = `The body is larger than ${limit} bytes (server.body_limit_bytes).`
      reject(turn, clientError('request_too_large', message))
      return null
    }
    case 'closed':
      draft.status = 499
      draft.error = clientError('client_closed', 'The client closed the connection.')
      return null
  }
}
