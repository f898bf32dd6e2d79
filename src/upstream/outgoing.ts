import type { Endpoint, Param } from '../config/snapshot.ts'
import type { Changes } from '../contract/exchange.ts'
import type { ChatRequest } from '../dialect/chat-request.ts'
import { spliceMembers } from '../kit/splice-members.ts'
import type { Resume } from './continuation.ts'
import { resumeMessages } from './resume-request.ts'

/** What differs from the client's request beside the endpoint's own settings. */
export interface Adaptation {
  /** Parameters this endpoint has refused by name. */
  readonly without: ReadonlySet<string>
  /** An answer that broke off and is to be continued. */
  readonly resume: Resume | null
  /** The most tokens the client's key may ask for. */
  readonly maxOutputTokens: number | null
}

export interface Outgoing {
  readonly body: Buffer
  /** What differs from the client's bytes, by member. */
  readonly changes: Changes
}

/** Two names of one limit; a provider that gets both refuses or picks one at random. */
const SYNONYMS: Readonly<Record<string, string>> = {
  max_tokens: 'max_completion_tokens',
  max_completion_tokens: 'max_tokens',
}

/**
 * The body for one endpoint: model named, usage of a stream asked for, global parameters where
 * the client said nothing, then the endpoint's own, which win over everybody.
 */
export function buildOutgoing(
  request: ChatRequest,
  endpoint: Endpoint,
  globalParams: readonly Param[],
  { without, resume, maxOutputTokens }: Adaptation,
): Outgoing {
  const edits = new Map<string, string | null>([['model', JSON.stringify(endpoint.model)]])
  const isSent = (name: string): boolean => request.members.some(({ key }) => key === name)
  if (request.stream && !request.includeUsage) {
    const options = { ...request.streamOptions, include_usage: true }
    edits.set('stream_options', JSON.stringify(options))
  }
  for (const { name, json } of globalParams) {
    const synonym = SYNONYMS[name]
    if (isSent(name) || (synonym !== undefined && isSent(synonym))) continue
    edits.set(name, json)
  }
  for (const { name, json } of endpoint.params) {
    edits.set(name, json)
    const synonym = SYNONYMS[name]
    if (json !== null && synonym !== undefined) edits.set(synonym, null)
  }
  if (maxOutputTokens !== null) capOutput(maxOutputTokens, request, edits)
  for (const name of without) leaveOut(name, request, edits)
  if (resume !== null) {
    const messages = resumeMessages(request, resume)
    if (messages !== null) edits.set('messages', messages)
  }
  dropIdle(request, edits)
  return {
    body: spliceMembers(request.bytes, request.members, edits),
    changes: Object.fromEntries(edits),
  }
}

/** The smaller of what is asked for and what is allowed, under the name that is in use. */
function capOutput(most: number, request: ChatRequest, edits: Map<string, string | null>): void {
  const names = ['max_completion_tokens', 'max_tokens']
  const sent = names.filter((name) => {
    const isThere = edits.get(name) ?? request.members.find(({ key }) => key === name)
    return isThere !== undefined && isThere !== null
  })
  for (const name of sent.length > 0 ? sent : ['max_tokens']) {
    const member = request.members.find(({ key }) => key === name)
    const own =
      edits.get(name) ??
      (member && request.bytes.toString('utf8', member.valueStart, member.valueEnd))
    const asked = Number(own ?? Number.POSITIVE_INFINITY)
    if (!(asked <= most)) edits.set(name, String(most))
  }
}

/** A refused limit goes out under its other name; every other refused parameter not at all. */
function leaveOut(name: string, request: ChatRequest, edits: Map<string, string | null>): void {
  const member = request.members.find(({ key }) => key === name)
  const set = edits.get(name)
  const json =
    set ?? (member && request.bytes.toString('utf8', member.valueStart, member.valueEnd)) ?? null
  edits.set(name, null)
  const synonym = SYNONYMS[name]
  if (synonym !== undefined && json !== null) edits.set(synonym, json)
}

/** Edits that change nothing are dropped, so that the record shows real changes only. */
function dropIdle(request: ChatRequest, edits: Map<string, string | null>): void {
  for (const [name, json] of edits) {
    const member = request.members.find((candidate) => candidate.key === name)
    const before = member && request.bytes.toString('utf8', member.valueStart, member.valueEnd)
    if (json === (before ?? null)) edits.delete(name)
  }
}
