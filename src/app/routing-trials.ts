import { setImmediate } from 'node:timers/promises'
import type { Invalid, RoutingDeps, RoutingDisabled } from '../admin/routing-routes.ts'
import type { Classifiers } from '../classify/classifier.ts'
import type { Snapshot, Upstream } from '../config/snapshot.ts'
import type { Backtest } from '../contract/api/routing.ts'
import type { GatewayDeps } from '../gateway/gateway-deps.ts'
import { NO_FILTER, type LogReader } from '../storage/log-store.ts'
import type { ConfigEditor } from './config-editor.ts'
import { type DecidingDeps, explainRoute } from './explain-route.ts'
import { isChat, type Replay, Replayer } from './replayer.ts'

export interface TrialParts {
  readonly gateway: GatewayDeps
  readonly editor: ConfigEditor
  readonly logs: LogReader
}

const PAGE_ROWS = 50
const MOVED_SHOWN = 40
/** Rows that are looked at for chat requests. */
const LOOKED_AT_MAX = 50_000

/** Decisions of a draft before it runs: on one text, and on the requests of the log. */
export function routingTrials({ gateway, editor, logs }: TrialParts): RoutingDeps {
  const deciding = { ...gateway, health: gateway.guards.health }
  const at = (snapshot: Snapshot): DecidingDeps => {
    const steadied = steady(snapshot)
    return { ...deciding, current: () => steadied }
  }
  return {
    explain: async ({ draft, ...input }) => {
      if (draft === undefined) return explainRoute(at(gateway.current()), input)
      const checked = editor.check(draft)
      if (!checked.ok) return { problems: checked.problems }
      const classifiers = safeFor(checked.snapshot, gateway)
      return explainRoute({ ...at(checked.snapshot), classifiers }, input)
    },
    backtest: async ({ draft, limit, signal }): Promise<Backtest | Invalid | RoutingDisabled> => {
      const checked = editor.check(draft)
      if (!checked.ok) return { problems: checked.problems }
      if (!checked.snapshot.routing.enabled) return { routing: 'disabled' }
      const replayer = new Replayer(steady(checked.snapshot), gateway.classifiers)
      return backtest(logs, { replayer, limit, signal })
    },
  }
}

/** No decision is held out by chance: the same question twice must get the same answer. */
function steady(snapshot: Snapshot): Snapshot {
  const { routing } = snapshot
  return {
    ...snapshot,
    routing: { ...routing, learning: { ...routing.learning, holdOut: 0 } },
  }
}

/** A draft may name another address for a provider; the key that runs is not taken there. */
function safeFor({ routing }: Snapshot, { classifiers, current }: GatewayDeps): Classifiers {
  const judge = routing.llm?.endpoint.upstream
  if (judge === undefined) return classifiers
  const running = [...current().upstreams.values()]
  const isTaken = credentialsOf(judge).some((credential) => {
    const owners = running.filter((upstream) => credentialsOf(upstream).includes(credential))
    return owners.length > 0 && owners.every(({ origin }) => origin !== judge.origin)
  })
  return isTaken ? { ...classifiers, llm: null, cascade: classifiers.local } : classifiers
}

function credentialsOf({ apiKeys, headers }: Upstream): readonly string[] {
  return [...apiKeys, ...Object.values(headers)]
}

async function backtest(
  logs: LogReader,
  { replayer, limit, signal }: { replayer: Replayer; limit: number; signal: AbortSignal },
): Promise<Backtest> {
  const moved: Backtest['moved'] = []
  let cursor: string | null = null
  let left = limit
  let looked = 0
  do {
    const page = await logs.list({ ...NO_FILTER, limit: PAGE_ROWS, cursor })
    const chats = page.items.filter(({ exchange }) => isChat(exchange)).slice(0, left)
    for (const { exchange, preview } of chats) {
      if (signal.aborted) break
      const body = (await logs.get(exchange.id))?.bodies.request ?? null
      const step = await replayer.add(exchange, body)
      if (step !== null && step.from !== step.to && moved.length < MOVED_SHOWN) {
        moved.push({ id: exchange.id, ...step, ask: preview ?? '' })
      }
      // Requests that arrive meanwhile go first.
      await setImmediate()
    }
    left -= chats.length
    looked += page.items.length
    cursor = page.nextCursor
  } while (cursor !== null && left > 0 && looked < LOOKED_AT_MAX && !signal.aborted)
  return shownResult(replayer.result, moved)
}

function shownResult(
  { requests, held, undecided, skipped, skippedBy, flow, cost }: Replay,
  moved: Backtest['moved'],
): Backtest {
  return {
    requests,
    held,
    undecided,
    skipped,
    skipped_by: {
      pinned: skippedBy.pinned,
      unknown_model: skippedBy.unknownModel,
      no_body: skippedBy.noBody,
      cut_body: skippedBy.cutBody,
    },
    flow: Object.entries(flow).map(([step, count]) => {
      const [from = '-', to = '-'] = step.split('->')
      return { from, to, requests: count }
    }),
    cost: { requests: cost.requests, before_usd: cost.beforeUsd, after_usd: cost.afterUsd },
    moved,
  }
}
