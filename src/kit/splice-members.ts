import type { JsonMember } from './json-members.ts'

/** JSON text a member is set to; null removes it. */
export type MemberEdits = ReadonlyMap<string, string | null>

/**
 * Sets and removes top-level members of a JSON object in place: untouched values, their order and
 * their spelling (big numbers, `1.0`, escapes) stay byte for byte. New members go to the end.
 */
export function spliceMembers(
  bytes: Buffer,
  members: readonly JsonMember[],
  edits: MemberEdits,
): Buffer {
  if (edits.size === 0) return bytes
  const removed = members.some((member) => edits.get(member.key) === null)
  return removed ? rebuild(bytes, members, edits) : patch(bytes, members, edits)
}

/** Nothing is removed: keep every byte outside the edited values. */
function patch(bytes: Buffer, members: readonly JsonMember[], edits: MemberEdits): Buffer {
  const pieces: Buffer[] = []
  let copied = 0
  for (const member of members) {
    const json = edits.get(member.key)
    if (json === undefined || json === null) continue
    pieces.push(bytes.subarray(copied, member.valueStart), Buffer.from(json))
    copied = member.valueEnd
  }
  const added = additions(members, edits)
  if (added.length > 0) {
    const close = bytes.lastIndexOf(0x7d)
    pieces.push(bytes.subarray(copied, close))
    pieces.push(Buffer.from((members.length > 0 ? ',' : '') + added.join(',')))
    copied = close
  }
  pieces.push(bytes.subarray(copied))
  return Buffer.concat(pieces)
}

/** A removal takes its comma along, so the members are joined anew; their bytes are kept. */
function rebuild(bytes: Buffer, members: readonly JsonMember[], edits: MemberEdits): Buffer {
  const pieces: Buffer[] = []
  const push = (piece: Buffer): void => {
    pieces.push(Buffer.from(pieces.length === 0 ? '{' : ','), piece)
  }
  for (const member of members) {
    const json = edits.get(member.key)
    if (json === null) continue
    if (json === undefined) push(bytes.subarray(member.keyStart, member.valueEnd))
    else push(Buffer.from(`${JSON.stringify(member.key)}:${json}`))
  }
  for (const text of additions(members, edits)) push(Buffer.from(text))
  pieces.push(Buffer.from(pieces.length === 0 ? '{}' : '}'))
  return Buffer.concat(pieces)
}

function additions(members: readonly JsonMember[], edits: MemberEdits): string[] {
  const added: string[] = []
  for (const [key, json] of edits) {
    if (json === null || members.some((member) => member.key === key)) continue
    added.push(`${JSON.stringify(key)}:${json}`)
  }
  return added
}
