import { createHash } from 'node:crypto'
import type { Verdict } from '../classify/classifier.ts'
import { isContinuation } from '../classify/continuation.ts'
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

const SESSIONS_MAX = 20_000
/** A conversation that rested this long starts anew; its prompt cache is cold as well. */
const REST_MS_MAX = 60 * 60_000
/** Only so sure a classifier may take a session down by two tiers at once. */
const SURE = 0.85
/** What an agent sends longer than this to go on with, a summary, is no other conversation's. */
const GO_ON_CHARS_MAX = 60

/** By which names a conversation is looked up, and by which what is decided now is kept. */
export interface SessionKeys {
  /** The first that is known counts. */
  readonly recall: readonly string[]
  readonly remember: readonly string[]
  /** Kept by this name only where nothing is. */
  readonly begin: string | null
}

/** Remembers the decisions of running conversations, the least recently used forgotten first. */
export class Sessions {
  readonly #sessions = new Map<string, { readonly session: Session; readonly at: number }>()

  recall({ recall }: SessionKeys, now: number): Session | null {
    const key = recall.find((name) => this.#has(name, now))
    return key === undefined ? null : (this.#sessions.get(key)?.session ?? null)
  }

  remember({ remember, begin }: SessionKeys, session: Session, now: number): void {
    const isNew = begin !== null && !this.#has(begin, now)
    for (const key of isNew ? [...remember, begin] : remember) {
      this.#sessions.delete(key)
      this.#sessions.set(key, { session, at: now })
    }
    while (this.#sessions.size > SESSIONS_MAX) {
      const [oldest] = this.#sessions.keys()
      if (oldest === undefined) return
      this.#sessions.delete(oldest)
    }
  }

  #has(key: string, now: number): boolean {
    const found = this.#sessions.get(key)
    return found !== undefined && now - found.at <= REST_MS_MAX
  }
}

/**
 * The names of a conversation: who speaks (caller, client's id, person), how the system prompt
 * begins, and the human's newest asks but "go on". A turn that goes on has the same newest asks, a
 * new ask follows those that were newest before; two conversations that begin alike part with the
 * first word that differs. An agent's side requests (a title, a helper of its own) carry the id of
 * the conversation they belong to but another system prompt, so they do not decide for it; the id
 * and the person alone are asked where the rest is unknown, since clients cut and rewrite what was said.
 * `scope` keeps apart what has nothing to do with one another.
 */
export function sessionKeys(
  hint: SessionHint,
  ask: Said,
  { keyName, header, scope = '' }: Speaker,
): SessionKeys {
  const named = (...parts: readonly unknown[]): string =>
    createHash('sha256')
      .update(JSON.stringify([scope, keyName, ...parts]))
      .digest('base64')
  const { phase } = ask
  const own = header(OWN_HEADER)
  // Who speaks to this gateway in its own words means it: that id alone is the conversation.
  if (own !== undefined && own !== '') {
    const name = named(own)
    return { recall: recalled(hint, phase, [], [name]), remember: [name], begin: null }
  }
  const sent = SESSION_HEADERS.map(header).find((value) => value !== undefined && value !== '')
  const id = sent ?? hint.id
  const about = (turns: readonly string[]): readonly string[] =>
    turns.length === 0 ? [] : [named(id, hint.user, hint.system, turns)]
  const whole = id === null ? null : named('id', id, hint.user)
  const { newest, past } = turnsOf(ask, id === null)
  const runs = hint.hasPast || hint.hasTools
  return {
    recall: recalled(hint, phase, about(past), whole === null ? [] : [whole]),
    remember: [...about(newest), ...(whole !== null && runs ? [whole] : [])],
    begin: runs ? null : whole,
  }
}

/**
 * Of a conversation that was cut down to a summary, or to "go on", the id remains, and maybe what was
 * asked: that tells it from the request that had the summary made. Without an id "go on" is anybody's.
 */
function recalled(
  { hasPast }: SessionHint,
  phase: HumanAsk['phase'],
  byAsks: readonly string[],
  byId: readonly string[],
): readonly string[] {
  if (hasPast) return [...byAsks, ...byId]
  return phase === 'continuation' && byId.length > 0 ? [...byAsks, ...byId] : []
}

/**
 * The turns that a request is known by, and those that it follows. Without an id a mere "go on" has
 * no past, and only the round of tools that it begins is known: by what was said before it.
 */
function turnsOf(
  { asks, phase, proposal = '' }: Said,
  isNameless: boolean,
): { readonly newest: readonly string[]; readonly past: readonly string[] } {
  if (isNameless && isMereGoOn(asks)) {
    const newest = proposal === '' ? [] : [...asks, proposal]
    return { newest, past: phase === 'tool_loop' ? newest : [] }
  }
  const newest = asks.slice(0, 2)
  return { newest, past: phase === 'ask' ? asks.slice(1, 3) : newest }
}

function isMereGoOn([only, ...others]: readonly string[]): boolean {
  if (only === undefined || others.length > 0) return false
  return only.length <= GO_ON_CHARS_MAX && isContinuation(only)
}

type Said = Pick<HumanAsk, 'asks' | 'phase'> & Partial<Pick<HumanAsk, 'proposal'>>

/** Who sent a request. */
interface Speaker {
  readonly keyName: string | null
  readonly header: (name: string) => string | undefined
  readonly scope?: string
}

const OWN_HEADER = 'x-smartroute-session'
const SESSION_HEADERS = [
  'x-session-id',
  'session-id',
  'session_id',
  'x-conversation-id',
  'conversation_id',
  'x-claude-code-session-id',
  'x-session-affinity',
  'agent-session-id',
  'x-openwebui-chat-id',
] as const

/** The verdict that a running turn keeps without asking any classifier, or null. */
export function heldVerdict(ask: HumanAsk, session: Session | null): Verdict | null {
  if (session === null || (ask.phase !== 'tool_loop' && ask.phase !== 'continuation')) return null
  return { tier: session.tier, by: session.by, detail: `held=${ask.phase}` }
}

/** A session falls by one tier at most, unless the classifier is very sure or an operator rules. */
export function softened(verdict: Verdict, session: Session | null): Verdict {
  if (session === null || verdict.by === 'rule') return verdict
  const before = TIERS.indexOf(session.tier)
  const after = TIERS.indexOf(verdict.tier)
  if (before - after < 2 || (verdict.confidence ?? 0) >= SURE) return verdict
  const tier = TIERS[before - 1] ?? verdict.tier
  const detail = `${verdict.detail ?? ''}; held=one_tier_down`.replace(/^; /, '')
  return { ...verdict, tier, detail }
}
