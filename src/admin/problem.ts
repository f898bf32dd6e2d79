import type { Context } from 'hono'

const TITLES = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  422: 'Not valid',
  428: 'Precondition required',
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
  detail: string | { readonly text: string; readonly more: object },
): Response {
  const { text, more } = typeof detail === 'string' ? { text: detail, more: {} } : detail
  const body = { type: 'about:blank', title: TITLES[status], status, code, detail: text, ...more }
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' })
}
