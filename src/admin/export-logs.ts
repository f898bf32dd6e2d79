import type { LogRow } from '../contract/api/shapes.ts'
import type { LogFilter, LogReader } from '../storage/log-store.ts'
import { logDetail, logRow } from './log-view.ts'

interface ExportDeps {
  readonly logs: LogReader
  readonly assembleStream: (pieces: readonly Uint8Array[]) => unknown
}

const PAGE_ROWS = 200

/** Columns of the table, in order. */
const COLUMNS: Readonly<Record<string, (row: LogRow) => unknown>> = {
  id: (row) => row.id,
  time: (row) => row.time,
  key: (row) => row.key,
  asked: (row) => row.asked,
  model: (row) => row.model,
  tier: (row) => row.tier,
  reason: (row) => row.reason,
  stream: (row) => row.stream,
  status: (row) => row.status,
  error: (row) => row.error?.code,
  attempts: (row) => row.attempts.length,
  first_token_ms: (row) => row.first_token_ms,
  total_ms: (row) => row.total_ms,
  prompt_tokens: (row) => row.usage?.prompt_tokens,
  completion_tokens: (row) => row.usage?.completion_tokens,
  cost_usd: (row) => row.cost_usd,
  saved_usd: (row) => row.saved_usd,
  client: (row) => row.client,
  user_agent: (row) => row.user_agent,
  question: (row) => row.preview,
}

/** RFC 4180, with a mark for spreadsheets that the text is UTF-8. */
export async function* csvLines(
  deps: ExportDeps,
  filter: LogFilter,
  limit: number,
): AsyncGenerator<string> {
  yield `\ufeff${Object.keys(COLUMNS).join(',')}\r\n`
  for await (const rows of pages(deps.logs, filter, limit)) {
    yield rows
      .map(
        (row) =>
          `${Object.values(COLUMNS)
            .map((read) => cell(read(row)))
            .join(',')}\r\n`,
      )
      .join('')
  }
}

export async function* jsonLines(
  deps: ExportDeps,
  filter: LogFilter,
  { limit, bodies }: { readonly limit: number; readonly bodies: boolean },
): AsyncGenerator<string> {
  for await (const rows of pages(deps.logs, filter, limit)) {
    if (!bodies) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    else for (const row of rows) yield `${JSON.stringify(await inFull(deps, row))}\n`
  }
}

async function inFull({ logs, assembleStream }: ExportDeps, row: LogRow): Promise<unknown> {
  const found = await logs.get(row.id)
  return found === null ? row : logDetail(found.exchange, found.bodies, assembleStream)
}

async function* pages(
  logs: LogReader,
  filter: LogFilter,
  limit: number,
): AsyncGenerator<readonly LogRow[]> {
  let left = limit
  let cursor: string | null = null
  do {
    const page = await logs.list({ ...filter, limit: Math.min(PAGE_ROWS, left), cursor })
    yield page.items.map(({ exchange, preview }) => ({ ...logRow(exchange), preview }))
    left -= page.items.length
    cursor = page.nextCursor
  } while (cursor !== null && left > 0)
}

/** A text that a spreadsheet would take for a formula is marked as a text. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  const safe = /^[=+\-@\t\r\0]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
