import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../contract/exchange.ts'
import { decodeRow, encodeRow, type ExchangeBatch } from '../../contract/exchange-row.ts'
import { type LogSettings, NO_FILTER } from '../log-store.ts'
import { addDuration, type HistogramCounts, percentile } from './histogram.ts'
import { getLog, listLog } from './read-log.ts'
import { readStats } from './read-stats.ts'
import { spellings } from '../../kit/spellings.ts'
import { LogWriter } from './write-log.ts'

const DAY = 86_400_000
const NOON = Date.parse('2026-03-10T12:00:00Z')
const SETTINGS: LogSettings = {
  bodies: 'full',
  retentionDays: 3,
  secrets: spellings('sk-very-secret'),
}
const QUERY = { ...NO_FILTER, limit: 10, cursor: null }

function exchange(id: string, at: number, text = 'hello', more: Partial<Exchange> = {}): Exchange {
  const request = Buffer.from(JSON.stringify({ text }))
  return {
    id,
    at,
    method: 'POST',
    path: '/v1/chat/completions',
    clientAddress: '127.0.0.1',
    userAgent: 't',
    keyName: null,
    asked: 'auto',
    stream: false,
    route: { tier: 't1', reason: 'rule', classifier: null, ask: 'hello' },
    served: 'a/b',
    attempts: [
      {
        provider: 'a',
        model: 'b',
        outcome: 'ok',
        next: 'done',
        status: 200,
        connectMs: 1,
        firstTokenMs: 2,
        totalMs: 3,
        error: null,
        key: null,
        waitedMs: 0,
        resumed: false,
        changes: { model: '"b"' },
      },
    ],
    status: 200,
    errorCode: null,
    errorMessage: null,
    finishReason: 'stop',
    usage: {
      promptTokens: 1,
      completionTokens: 2,
      totalTokens: 3,
      cachedTokens: 0,
      reasoningTokens: 0,
    },
    timings: { readMs: 1, routeMs: 1, upstreamMs: 3, firstTokenMs: 4, totalMs: 6, gatewayMs: 1 },
    revision: 'r',
    headers: { request: '', response: '' },
    pace: null,
    bodies: {
      request,
      response: [Buffer.from('{"a":'), Buffer.from('1}')],
      responseKind: 'json',
      requestBytes: request.length,
      responseBytes: 7,
    },
    ...more,
  }
}

function batch(...exchanges: Exchange[]): ExchangeBatch {
  const rows = exchanges.map((item) => encodeRow(item, { costUsd: 0.5, savedUsd: 1 }, true))
  const bytes = Buffer.concat(
    exchanges.flatMap(({ bodies }) => [
      bodies.request ?? Buffer.alloc(0),
      ...(bodies.response ?? []),
    ]),
  )
  const bodies = new ArrayBuffer(bytes.length + 100)
  new Uint8Array(bodies).set(bytes)
  return { rows, bodies, bytes: bytes.length }
}

function open(settings = SETTINGS): {
  folder: string
  writer: LogWriter
  at: (ms: number) => void
} {
  const folder = mkdtempSync(join(tmpdir(), 'smartroute-log-'))
  let now = NOON
  const writer = new LogWriter(folder, settings, () => now)
  return { folder, writer, at: (ms) => (now = ms) }
}

const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes ? Buffer.from(bytes).toString() : null

describe('the log on disk', () => {
  it('gives back what was recorded', () => {
    const original = exchange('1', NOON)
    const { bodies, ...rest } = original
    expect(decodeRow(encodeRow(original, { costUsd: 0.5, savedUsd: 1 }, true)).exchange).toEqual({
      ...rest,
      costUsd: 0.5,
      savedUsd: 1,
      responseKind: bodies.responseKind,
      requestBytes: bodies.requestBytes,
      responseBytes: bodies.responseBytes,
    })
    const { folder, writer } = open()
    expect(writer.write(batch(original, exchange('2', NOON, 'other')))).toMatchObject({
      stored: 2,
      fault: null,
    })
    const found = getLog(folder, '1')
    expect(found?.exchange).toMatchObject({ ...rest, costUsd: 0.5 })
    expect([text(found?.bodies.request), text(found?.bodies.response)]).toEqual([
      '{"text":"hello"}',
      '{"a":1}',
    ])
    expect(
      listLog(folder, { ...QUERY, q: 'OTHER' }).items.map(({ exchange: { id } }) => id),
    ).toEqual(['2'])
    writer.close()
  })

  it('keeps long bodies whole', () => {
    const { folder, writer } = open()
    writer.write(
      batch(exchange('1', NOON, '长'.repeat(100_000)), exchange('2', NOON, 'b'.repeat(100_000))),
    )
    expect(text(getLog(folder, '2')?.bodies.request)).toBe(
      JSON.stringify({ text: 'b'.repeat(100_000) }),
    )
    expect(text(getLog(folder, '1')?.bodies.request)?.length).toBe(100_011)
    writer.close()
  })

  it('has a segment a day, pages across them, and deletes whole days', () => {
    const { folder, writer, at } = open()
    for (let day = 0; day < 5; day++) {
      at(NOON + day * DAY)
      writer.write(
        batch(
          exchange(`${day}a`, NOON + day * DAY),
          exchange(`${day}b`, NOON + day * DAY, 'x'.repeat(70_000)),
        ),
      )
    }
    const pages: string[] = []
    let cursor: string | null = null
    do {
      const page = listLog(folder, { ...QUERY, limit: 3, cursor })
      pages.push(page.items.map(({ exchange: { id } }) => id).join(' '))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(pages).toEqual(['4b 4a 3b', '3a 2b 2a', '1b 1a 0b', '0a'])
    writer.prune()
    const files = readdirSync(join(folder, 'logs')).filter((name) => name !== 'ballast')
    const days = new Set(files.map((name) => name.slice(0, 10)))
    expect([...days].sort()).toEqual(['2026-03-12', '2026-03-13', '2026-03-14'])
    expect(readStats(folder, { fromMs: 0, toMs: NOON + 9 * DAY, points: 10 }).total.requests).toBe(
      10,
    )
    writer.close()
  })

  it('scrubs secrets in every spelling, patterns when asked, and keeps no bodies when told', () => {
    const secret = 'sk-very-secret'
    const said = `${secret} ${Buffer.from(secret).toString('base64')} mail me@example.com AKIAABCDEFGHIJKLMNOP`
    const stored = (bodies: LogSettings['bodies']): string | null => {
      const { folder, writer } = open({ ...SETTINGS, bodies })
      writer.write(batch(exchange('1', NOON, said, { errorMessage: `bad ${secret}` })))
      writer.close()
      const found = getLog(folder, '1')
      expect(found?.exchange.errorMessage).toBe('bad [redacted]')
      return text(found?.bodies.request)
    }
    expect(stored('full')).toBe(
      '{"text":"[redacted] [redacted] mail me@example.com AKIAABCDEFGHIJKLMNOP"}'
        .replace('[redacted] mail', '[redacted]== mail')
        .replace('==', Buffer.from(secret).toString('base64').match(/=*$/)?.[0] ?? ''),
    )
    expect(stored('redacted')).not.toMatch(/example|AKIA/)
    expect(stored('none')).toBeNull()
  })

  it('masks what is personal in the words of a row, and in a stream as it is read', () => {
    const mail = 'bob@mail.example'
    const event = (content: string): Buffer =>
      Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
    const one = exchange('1', NOON)
    const classifier = { model: 'a/b', ms: 1, answer: `T1 ${mail}`, error: mail, usage: null }
    const row: Partial<Exchange> = {
      route: { ...one.route, ask: `write to ${mail}`, classifier },
      userAgent: `bot (${mail})`,
      attempts: one.attempts.map((attempt) => ({
        ...attempt,
        error: `no ${mail}`,
        changes: { messages: JSON.stringify([`to\n${mail}`]), top_k: null },
      })),
      errorMessage: `no ${mail}`,
      headers: { request: `x-user-email: ${mail}`, response: '' },
      bodies: {
        ...one.bodies,
        response: [event('bob@'), event('mail.'), event('example')],
        responseKind: 'sse',
      },
    }
    const { folder, writer } = open({ ...SETTINGS, bodies: 'redacted' })
    writer.write(batch(exchange('1', NOON, 'hello', row)))
    writer.close()
    const found = getLog(folder, '1')
    expect(found?.exchange).toMatchObject({
      at: NOON,
      route: {
        ask: 'write to [redacted]',
        classifier: { answer: 'T1 [redacted]', error: '[redacted]' },
      },
      userAgent: 'bot ([redacted])',
      attempts: [
        { error: 'no [redacted]', changes: { messages: '["to\\n[redacted]"]', top_k: null } },
      ],
      errorMessage: 'no [redacted]',
      headers: { request: 'x-user-email: [redacted]' },
    })
    const response = text(found?.bodies.response)
    expect(response?.match(/"content":"[^"]*"/g)).toEqual([
      '"content":"[redacted]"',
      '"content":""',
      '"content":""',
    ])
  })

  it('keeps no conversation of a resumed attempt where no bodies are kept', () => {
    const one = exchange('1', NOON)
    const attempts = one.attempts.map((attempt) => ({
      ...attempt,
      changes: { messages: '["a secret"]', top_k: null },
    }))
    const { folder, writer } = open({ ...SETTINGS, bodies: 'none' })
    writer.write(batch(exchange('1', NOON, 'hello', { attempts })))
    writer.close()
    expect(getLog(folder, '1')?.exchange.attempts[0]?.changes).toEqual({
      messages: '"[not kept]"',
      top_k: null,
    })
  })

  it('starts a new segment beside a damaged one and counts what it could not store', () => {
    const { folder, writer } = open()
    writer.write(batch(exchange('1', NOON)))
    writer.close()
    const path = join(folder, 'logs', '2026-03-10.db')
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
    writeFileSync(path, 'this is not a database at all, not even a little bit '.repeat(400))
    const failed = writer.write(batch(exchange('2', NOON)))
    expect(failed).toMatchObject({
      stored: 0,
      bodiesDropped: 0,
      fault: expect.stringContaining('not a database') as string,
    })
    expect(writer.write(batch(exchange('4', NOON)))).toMatchObject({ stored: 1, fault: null })
    expect(readdirSync(join(folder, 'logs')).some((name) => name.includes('.corrupt-'))).toBe(true)
    expect(listLog(folder, QUERY).items.map(({ exchange: { id } }) => id)).toEqual(['4'])
    writer.close()
  })

  it('keeps storing rows when the sums cannot be written', () => {
    const { folder, writer } = open()
    mkdirSync(join(folder, 'stats.db'))
    expect(writer.write(batch(exchange('1', NOON)))).toMatchObject({ stored: 1, fault: null })
    rmSync(join(folder, 'stats.db'), { recursive: true })
    writer.write(batch(exchange('2', NOON)))
    expect(readStats(folder, { fromMs: 0, toMs: NOON + DAY, points: 10 }).total.requests).toBe(1)
    expect(listLog(folder, QUERY).items).toHaveLength(2)
    writer.close()
  })

  it('makes a deleted segment anew', () => {
    const { folder, writer } = open()
    writer.write(batch(exchange('1', NOON)))
    rmSync(join(folder, 'logs'), { recursive: true })
    expect(writer.write(batch(exchange('2', NOON))).stored).toBe(1)
    expect(listLog(folder, QUERY).items.map(({ exchange: { id } }) => id)).toEqual(['2'])
    writer.close()
  })
})

describe('percentiles', () => {
  it('are within 5 percent', () => {
    const counts: HistogramCounts = {}
    for (let ms = 1; ms <= 10_000; ms++) addDuration(counts, ms)
    for (const share of [0.5, 0.95, 0.99]) {
      expect(Math.abs((percentile(counts, share) ?? 0) / (10_000 * share) - 1)).toBeLessThan(0.05)
    }
    expect(percentile({}, 0.5)).toBeNull()
  })
})
