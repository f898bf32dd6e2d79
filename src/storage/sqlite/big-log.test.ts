import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_FILTER } from '../log-store.ts'
import { listLog } from './read-log.ts'
import { SearchIndexer } from './search-indexer.ts'
import { openSegment } from './segment.ts'
import { summariseLog } from './summarise-log.ts'

/** `ROWS=1000000` measures the real thing; the ratios hold for fewer. */
const ROWS = Number(process.env['ROWS'] ?? 60_000)
const DAY = '2026-03-10.db'
const START = Date.parse('2026-03-10T00:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'smartroute-big-'))

/** The quickest of a few: what else runs on the machine is not the question. */
function timed(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const startedAt = performance.now()
      run()
      return performance.now() - startedAt
    }),
  )
}

describe(`a day of ${ROWS} requests`, () => {
  beforeAll(() => {
    const database = openSegment(join(folder, 'logs'), DAY)
    const row = database.prepare(
      'INSERT INTO exchange (id, at, tier, asked, served, status, failed, detail, key, error, reason, attempts, total_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    const body = database.prepare('INSERT INTO body (seq, request, response) VALUES (?, ?, ?)')
    database.exec('BEGIN')
    for (let n = 0; n < ROWS; n++) {
      const failed = n % 1_000 === 7
      const tier = `t${(n % 3) + 1}`
      const detail = JSON.stringify({
        id: `id-${n}`,
        at: START + n,
        asked: 'auto',
        keyName: 'web',
        served: 'openai/gpt-5-mini',
        errorMessage: null,
        responseKind: 'json',
        route: { tier, reason: 'local; p=0.9', classifier: null },
        attempts: [],
        padding: 'x'.repeat(500),
      })
      const { lastInsertRowid } = row.run(
        `id-${n}`,
        START + n,
        tier,
        'auto',
        'openai/gpt-5-mini',
        failed ? 502 : 200,
        failed ? 1 : 0,
        detail,
        n % 5 === 0 ? 'web' : 'batch',
        failed ? 'upstream_error' : null,
        'local',
        failed ? 2 : 1,
        n % 4_000,
      )
      const ask =
        n % 20_000 === 11
          ? `第 ${n} 个请求想要退款，怎么办`
          : `question number ${n} about the weather`
      body.run(
        lastInsertRowid,
        Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: ask }] })),
        Buffer.from('{"choices":[{"message":{"content":"an ordinary answer"}}]}'),
      )
    }
    database.exec('COMMIT')
    database.close()
    const indexer = new SearchIndexer(join(folder, 'logs'))
    while (indexer.step());
  }, 900_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const list = (filter: object, cursor: string | null = null) =>
    listLog(folder, { ...NO_FILTER, ...filter, limit: 100, cursor })

  it('costs the same for a page at its end as for the first one', () => {
    let cursor: string | null = null
    for (let page = 0; page < 20; page++) cursor = list({}, cursor).nextCursor
    const first = timed(() => list({}))
    const later = timed(() => list({}, cursor))
    console.log(`first page ${first.toFixed(1)} ms, twentieth ${later.toFixed(1)} ms`)
    expect(later).toBeLessThan(first * 3 + 5)
  })

  it('narrows by the index, also where little or nothing is found', () => {
    const first = timed(() => list({}))
    const rows = { tier: 't2', failed: 'error', model: 'nobody/nothing' }
    expect(list({ tier: 't2' }).items).toHaveLength(100)
    expect(list({ status: 'error' }).items.length).toBeGreaterThan(30)
    expect(list({ model: rows.model }).items).toHaveLength(0)
    const rare = timed(() => list({ status: 'error', key: 'batch' }))
    const none = timed(() => list({ model: rows.model }))
    console.log(
      `rare ${rare.toFixed(1)} ms, none ${none.toFixed(1)} ms of a first page of ${first.toFixed(1)} ms`,
    )
    // A hundred thousand rows of the index are looked at in some ten milliseconds.
    expect(none).toBeLessThan(first * 5 + (ROWS / 100_000) * 60)
  })

  it('finds words in both languages, and what is not there', () => {
    const found = list({ q: '退款' }).items
    expect(found).toHaveLength(Math.ceil((ROWS - 11) / 20_000))
    expect(list({ q: `number ${ROWS - 5} about` }).items).toHaveLength(1)
    expect(list({ q: '没有这句话' }).items).toHaveLength(0)
    const common = timed(() => list({ q: 'weather' }))
    const chinese = timed(() => list({ q: '退款' }))
    const none = timed(() => list({ q: 'nowhere to be found' }))
    console.log(
      `search: common ${common.toFixed(1)} ms, rare ${chinese.toFixed(1)} ms, none ${none.toFixed(1)} ms`,
    )
    expect(Math.max(chinese, none)).toBeLessThan(timed(() => list({})) * 20 + 50)
  })

  it('is counted', () => {
    const summary = summariseLog(folder, NO_FILTER, 60)
    expect(summary.total).toBe(Math.min(ROWS, 200_000))
    expect(summary.capped).toBe(ROWS > 200_000)
    console.log(`summary ${timed(() => summariseLog(folder, NO_FILTER, 60)).toFixed(0)} ms`)
  })
})
