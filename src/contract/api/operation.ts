import type { z } from 'zod'

/**
 * One call of the admin API: the single source of its validation, its types, the OpenAPI
 * document and the panel's client.
 */
export interface Operation {
  readonly id: string
  readonly method: 'get' | 'post' | 'put'
  /** `/logs/{id}` */
  readonly path: string
  readonly summary: string
  /** Query of a GET, body of a POST or PUT. */
  readonly input: z.ZodType
  readonly output: z.ZodType
  /** Answers with a stream (server-sent events, a file) instead of one JSON value. */
  readonly stream?: true
  /** Needs no sign-in. */
  readonly open?: true
}

export function defineOperation<const T extends Operation>(operation: T): T {
  return operation
}
