import type { Hono } from 'hono'
import {
  checkConfig,
  getConfig,
  getConfigFile,
  getConfigSchema,
  getConfigVersion,
  getEffectiveConfig,
  listConfigHistory,
  putConfig,
  rollbackConfig,
} from '../contract/api/config.ts'
import type { ConfigView } from '../contract/api/shapes.ts'
import type { EffectiveEntry } from '../config/effective.ts'
import type { Problem } from '../config/problem.ts'
import { showPath } from '../config/problem.ts'
import { note } from './auth-routes.ts'
import type { AdminContext, AdminEnv } from './guard.ts'
import type { AdminDeps } from './mount.ts'
import { problem } from './problem.ts'
import { invalid, readJson } from './read-input.ts'

/** What the control plane may do with the configuration. */
export interface ConfigDeps {
  readonly view: () => ConfigView
  readonly file: () => {
    readonly revision: string
    readonly path: string | null
    readonly text: string
  }
  readonly preview: (change: {
    readonly document: unknown
    readonly text: string | null
  }) => Preview
  readonly effective: () => readonly EffectiveEntry[]
  readonly schema: () => unknown
  readonly change: (change: {
    readonly from: string
    readonly author: string
    readonly note: string
    readonly document: unknown
    readonly text: string | null
  }) => ConfigOutcome
  readonly rollback: (revision: string, author: string) => ConfigOutcome
  readonly versions: () => readonly Version[]
  readonly versionText: (revision: string) => string | null
}

interface Version {
  readonly revision: string
  readonly at: number
  readonly author: string
  readonly note: string
}

interface Preview {
  readonly ok: boolean
  readonly problems: readonly Problem[]
  readonly before: string
  readonly after: string
  readonly document: unknown
  readonly changes: readonly {
    readonly path: readonly (string | number)[]
    readonly before: unknown
    readonly after: unknown
  }[]
}

type ConfigOutcome =
  | { readonly kind: 'applied' }
  | { readonly kind: 'conflict'; readonly revision: string; readonly text: string }
  | { readonly kind: 'unknown_revision' }
  | { readonly kind: 'masked' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'not_written'; readonly detail: string }

export function mountConfig(app: Hono<AdminEnv>, base: string, deps: AdminDeps): void {
  const { config } = deps
  app.get(base + getConfig.path, (c) => {
    const view = config.view()
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
    const { document, text = null, note: why } = input.data
    const author = c.get('actor')
    const outcome = config.change({ from, author, note: why, document, text })
    if (outcome.kind === 'applied') {
      note(c, deps, 'config.change', { target: config.view().revision, detail: why })
    }
    return answer(c, deps, outcome)
  })
  app.get(base + listConfigHistory.path, (c) => c.json({ items: config.versions() }))
  app.post(base + rollbackConfig.path, async (c) => {
    const input = rollbackConfig.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { revision } = input.data
    const outcome = config.rollback(revision, c.get('actor'))
    if (outcome.kind === 'applied') note(c, deps, 'config.rollback', { target: revision })
    return answer(c, deps, outcome)
  })
  mountViews(app, base, config)
}

function mountViews(app: Hono<AdminEnv>, base: string, config: ConfigDeps): void {
  app.get(base + getConfigFile.path, (c) => c.json(config.file()))
  app.post(base + checkConfig.path, async (c) => {
    const input = checkConfig.input.safeParse(await readJson(c))
    if (!input.success) return invalid(c, input.error)
    const { document, text = null } = input.data
    const preview = config.preview({ document, text })
    return c.json({
      ...preview,
      changes: preview.changes.map(({ path, before, after }) => ({
        path: showPath(path),
        before: before ?? null,
        after: after ?? null,
      })),
    })
  })
  app.get(base + getEffectiveConfig.path, (c) =>
    c.json({ revision: config.view().revision, entries: config.effective() }),
  )
  app.get(base + getConfigSchema.path, (c) => c.json(config.schema()))
  app.get(base + getConfigVersion.path.replace('{revision}', ':revision'), (c) => {
    const revision = c.req.param('revision') ?? ''
    const version = config.versions().find((one) => one.revision === revision)
    const text = version === undefined ? null : config.versionText(revision)
    if (text === null) {
      return problem(c, 404, 'unknown_revision', 'The history has no such readable revision.')
    }
    return c.json({ ...version, text })
  })
}

function answer(c: AdminContext, { config }: AdminDeps, outcome: ConfigOutcome): Response {
  switch (outcome.kind) {
    case 'applied':
      return c.json(config.view())
    case 'conflict': {
      const { revision, text } = outcome
      return problem(c, 409, 'conflict', {
        text: 'The file has changed meanwhile. Read it again.',
        more: { current: { revision, text } },
      })
    }
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
