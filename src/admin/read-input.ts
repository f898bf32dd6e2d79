import type { Context } from 'hono'
import type { z } from 'zod'
import { problem } from './problem.ts'

/** The body is not JSON. Thrown, because no route has anything to add to that. */
export class MalformedBody extends Error {
  constructor() {
    super('The body is not valid JSON.')
  }
}

export function invalid(c: Context, error: z.ZodError): Response {
  const detail = error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ')
  return problem(c, 400, 'invalid_input', detail)
}

/** Throws MalformedBody. */
export async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedBody()
    throw error
  }
}
