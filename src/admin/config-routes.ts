import type { Context, Hono } from 'hono'
import type { AdminEnv } from './guard.ts'
import { getConfig, listConfigHistory, putConfig, rollbackConfig } from '../contract/api/config.ts'
import type { ConfigView } from '../contract/api/shapes.ts'
import type { Problem } from '../config/problem.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

/** What the control plane may do with the configuration. */
export interface ConfigDeps {
  readonly view: () => ConfigView
  readonly change: (change: {
    readonly from: string
    readonly author: string
    readonly note: string
    readonly document: unknown
    readonly text: string | null
  }) => ConfigOutcome
  readonly rollback: (revision: string, author: string) => ConfigOutcome
  readonly versions: () => readonly {
    readonly revision: string
    readonly at: number
    readonly author: string
    readonly note: string
  }[]
}

type ConfigOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'no_file' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown_revision' }
  | { readonly kind: 'masked' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'not_written'; readonly detail: string }

/** One administrator so far; the panel will name them. */
const AUTHOR = 'admin'

export function mountConfig(app: Hono<AdminEnv>, base: string, deps: ConfigDeps): void {
  app.get(base + getConfig.path, (c) => {
    const view = deps.view()
    c.header('etag', `"${view.revision}"`)
    return c.json(view)
  })
  app.put(base + putConfig.path, async (c) => {
    const from = c.req.header('if-match')?.replace(/^(?:W\/)?"|"$/g, '') ?? ''
    if (from === '') {
      return problem(c, 428, 'if_match_missing', 'Send If-Match with the revision you changed.')
    }
    const input = putConfig.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { document, text, note } = input.data
    return answer(
      c,
      deps,
      deps.change({ from, author: AUTHOR, note, document, text: text ?? null }),
    )
  })
  app.get(base + listConfigHistory.path, (c) => c.json({ items: deps.versions() }))
  app.post(base + rollbackConfig.path, async (c) => {
    const input = rollbackConfig.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    return answer(c, deps, deps.rollback(input.data.revision, AUTHOR))
  })
}

function answer(c: Context, deps: ConfigDeps, outcome: ConfigOutcome): Response {
  switch (outcome.kind) {
    case 'applied':
      return c.json(deps.view())
    case 'no_file':
      return problem(c, 409, 'no_config_file', 'This gateway runs without a configuration file.')
    case 'conflict':
      return problem(c, 409, 'conflict', 'The file has changed meanwhile. Read it again.')
    case 'unknown_revision':
      return problem(c, 404, 'unknown_revision', 'The history has no such readable revision.')
    case 'masked':
      return problem(c, 422, 'masked_secret', 'A masked value (••••) stands where a new one must.')
    case 'invalid':
      return problem(c, 422, 'invalid_config', {
        text: 'Nothing was changed.',
        more: { problems: outcome.problems },
      })
    case 'not_written':
      return problem(c, 503, 'not_written', `The file could not be written: ${outcome.detail}`)
  }
}
