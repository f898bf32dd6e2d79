import type { StoredBodies } from '../log-store.ts'
import { readBody } from './body-file.ts'

/** The bodies of a row: in it, or in the file of the day. */
export function bodiesOfRow(row: Record<string, unknown>, path: string): StoredBodies {
  const read = (name: 'request' | 'response'): Uint8Array | null => {
    const at = row[`${name}_at`]
    const length = row[`${name}_length`]
    if (typeof at !== 'number' || typeof length !== 'number') return bytesOf(row[name])
    return readBody(path, { at, length })
  }
  return { request: read('request'), response: read('response') }
}

function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array ? value : null
}
