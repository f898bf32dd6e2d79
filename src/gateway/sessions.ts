import { createHash } from 'node:crypto'
import type { Verdict } from '../classify/classifier.ts'
import { stripAgentNoise } from '../classify/agent-noise.ts'
import type { HumanAsk } from '../classify/human-ask.ts'
import { type Tier, TIERS } from '../contract/tier.ts'
import type { SessionHint } from '../dialect/session-hint.ts'

/** What is remembered of a conversation: the decision that its next turn may have to keep. */
export interface Session {
  readonly tier: Tier
  readonly by: Verdict['by']
  /** `provider/model` that answered last. */
  readonly endpointId: string | null
}

const SESSIONS_MAX = 10_000
/** A conversation that rested this long starts anew; its prompt cache is cold as well. */
const REST_MS_MAX = 60 * 60_000
/** Only so sure a classifier may take a session down by two tiers at once. */
const SURE = 0.85

/** Remembers the decisions of running conversations, the least recently used forgotten first. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly session: Session; readonly at: number }>()

  recall(key: string, now: number): Session | null {
    const found = this.#sessions.get(key)
    if (found === undefined || now - found.at > REST_MS_MAX) return null
    return found.session
  }

  remember(key: string, session: Session, now: number): void {
    this.#sessions.delete(key)
    this.#sessions.set(key, { session, at: now })
    if (this.#sessions.size <= SESSIONS_MAX) return
    const [oldest] = this.#sessions.keys()
    if (oldest !== undefined) this.#sessions.delete(oldest)
  }
}

/**
 * The name of a conversation: the client's own id and how it began. An agent's side requests (a
 * title, a helper of its own) carry the id of the conversation they belong to and begin otherwise,
 * so they do not decide for it. Two callers never share a name. A conversation without any answer
 * yet has no past to recall.
 */
export function sessionKey(
  hint: SessionHint,
  keyName: string | null,
  header: (name: string) => string | undefined,
): string {
  const sent = SESSION_HEADERS.map(header).find((value) => value !== undefined && value !== '')
  const own = header(OWN_HEADER)
  // Who speaks to this gateway in its own words means it: that id alone is the conversation.
  const parts =
    own !== undefined && own !== '' ? [own] : [sent ?? hint.id, hint.system, firstAsk(hint.humans)]
  return createHash('sha256')
    .update(JSON.stringify([keyName, ...parts]))
    .digest('base64')
}

/** The human's first words; what an agent says before them is the same in all its conversations. */
function firstAsk(humans: readonly string[]): string {
  for (const text of humans) {
    const { human } = stripAgentNoise(text)
    if (human !== '') return human
  }
  return humans[0] ?? ''
}

const OWN_HEADER = 'x-smartroute-session'
const SESSION_HEADERS = [
  'x-session-id',
  'session-id',
  'session_id',
  'x-conversation-id',
  'conversation_id',
  'x-claude-code-session-id',
] as const

/** The verdict that a running turn keeps without asking any classifier, or null. */
export function heldVerdict(ask: HumanAsk, session: Session | null): Verdict | null {
  if (session === null || (ask.phase !== 'tool_loop' && ask.phase !== 'continuation')) return null
  return { tier: session.tier, by: session.by, detail: `held=${ask.phase}` }
}

/** A session falls by one tier at most, unless the classifier is very sure or an operator rules. */
export function softened(verdict: Verdict, session: Session | null): Verdict {
  if (session === null || verdict.by === 'rule' || verdict.by === 'fallback') return verdict
  const before = TIERS.indexOf(session.tier)
  const after = TIERS.indexOf(verdict.tier)
  if (before - after < 2 || (verdict.confidence ?? 0) >= SURE) return verdict
  const tier = TIERS[before - 1] ?? verdict.tier
  const detail = `${verdict.detail ?? ''}; held=one_tier_down`.replace(/^; /, '')
  return { ...verdict, tier, detail }
}
