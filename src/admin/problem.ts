import type { Context } from 'hono'

const TITLES = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
} as const

export type ProblemStatus = keyof typeof TITLES

/** An error answer (RFC 9457) with a stable code. */
export function problem(
  context: Context,
  status: ProblemStatus,
  code: string,
  detail: string,
): Response {
  const body = { type: 'about:blank', title: TITLES[status], status, code, detail }
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}
