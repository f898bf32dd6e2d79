import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type CollectGarbage = (options: { type: string; execution: string; flavor: string }) => void

/**
 * One full collection that gives memory back to the system. Starting parses schemas and sources
 * that are never needed again; left alone, V8 would keep their pages until the heap is full.
 */
export function compactMemory(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  setFlagsFromString('--no-expose-gc')
  if (typeof collect !== 'function') return
  ;(collect as CollectGarbage)({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
