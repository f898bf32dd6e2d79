import type { Gateway } from './start-gateway.ts'

export interface PageAnswer {
  readonly status: number
  readonly json: any
  /** As a browser sends it back: without its attributes. */
  readonly cookie: string
  readonly headers: Headers
}

/** A call as a browser's page makes it; with null for a body it only reads. */
export async function pageCall(
  gateway: Pick<Gateway, 'url'>,
  path: string,
  body: object | null,
  more: Record<string, string> = {},
): Promise<PageAnswer> {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...more },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const { status, headers } = response
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return { status, json: await response.json(), cookie, headers }
}

/** What the gateway printed for its first visitor; empty where it printed none. */
export function setupToken(gateway: Pick<Gateway, 'output'>): string {
  return /#setup=([\w-]+)/.exec(gateway.output())?.[1] ?? ''
}
