import type { Context } from 'hono'
import type { z } from 'zod'
import { problem } from './problem.ts'

export function invalid(c: Context, error: z.ZodError): Response {
  const detail = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  return problem(c, 400, 'invalid_input', detail)
}

/** Undefined where the body is not JSON: the schema says what is missing. */
export async function readJson(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch {
    return undefined
  }
}
