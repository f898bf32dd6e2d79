import type { StoredBodies } from '../log-store.ts'
import { readBody } from './body-file.ts'

const ANY_LENGTH = { request: Infinity, response: Infinity }

/** The bodies of a row: in it, or in the file of the day, where longer ones than asked for stay. */
export function bodiesOfRow(
  row: Record<string, unknown>,
  path: string,
  bytesMax: Readonly<Record<'request' | 'response', number>> = ANY_LENGTH,
): StoredBodies {
  const read = (name: 'request' | 'response'): Uint8Array | null => {
    const at = row[`${name}_at`]
    const length = row[`${name}_length`]
    if (typeof at !== 'number' || typeof length !== 'number') return bytesOf(row[name])
    return length > bytesMax[name] ? null : readBody(path, { at, length })
  }
  return { request: read('request'), response: read('response') }
}

function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null
}
