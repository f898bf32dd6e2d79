import { asArray, asObject, field, type JsonObject, parseJson } from '../../kit/json-value.ts'
import { maskedPieces } from '../../kit/mask.ts'

/** One string of one event, and where it stands. */
interface Piece {
  readonly line: number
  readonly holder: Record<string, unknown>
  readonly key: string
  readonly text: string
}

/**
 * The events of a stream without what is personal in what they say together: an address that comes
 * in three events is one all the same. Events in which there is nothing of it stay as they were.
 */
export function maskedStream(text: string): string {
  const lines = text.split('\n')
  const events = lines.map((line) => (line.startsWith('data:') ? parseJson(line.slice(5)) : null))
  const runs = new Map<string, Piece[]>()
  for (const [line, event] of events.entries()) {
    for (const choice of asArray(field(event, 'choices'))) {
      const name = `${placeOf(choice) ?? 0}`
      collect(runs, { line, name, value: asObject(field(choice, 'delta')) })
    }
  }
  const changed = new Set<number>()
  for (const run of runs.values()) {
    for (const [at, clean] of maskedPieces(run.map((piece) => piece.text)).entries()) {
      const piece = run[at]
      if (piece === undefined || clean === piece.text) continue
      piece.holder[piece.key] = clean
      changed.add(piece.line)
    }
  }
  for (const line of changed) lines[line] = `data: ${JSON.stringify(events[line])}`
  return lines.join('\n')
}

interface Place {
  readonly line: number
  /** The same for the pieces of one text: `0/tool_calls/1/function/arguments`. */
  readonly name: string
  readonly value: JsonObject | null
}

/** A delta is as deep as a call's arguments. */
const DEPTH_MAX = 4

function collect(runs: Map<string, Piece[]>, { line, name, value }: Place, depth = 0): void {
  if (value === null || depth > DEPTH_MAX) return
  for (const [key, inner] of Object.entries(value)) {
    const path = `${name}/${key}`
    if (typeof inner === 'string') {
      const run = runs.get(path) ?? []
      runs.set(path, run)
      run.push({ line, holder: value, key, text: inner })
    }
    for (const [at, item] of asArray(inner).entries()) {
      const place = `${path}/${placeOf(item) ?? at}`
      collect(runs, { line, name: place, value: asObject(item) }, depth + 1)
    }
    collect(runs, { line, name: path, value: asObject(inner) }, depth + 1)
  }
}

function placeOf(item: unknown): number | null {
  const index = field(item, 'index')
  return typeof index === 'number' ? index : null
}
