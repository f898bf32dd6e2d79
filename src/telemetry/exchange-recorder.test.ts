import { describe, expect, it } from 'vitest'
import type { Exchange } from '../contract/exchange.ts'
import type { ExchangeBatch } from '../contract/exchange-row.ts'
import { ExchangeRecorder } from './exchange-recorder.ts'
import { LiveBus } from './live-bus.ts'
import { Metrics } from './metrics.ts'
import { RateWindow } from './rate-window.ts'

function exchange(bodyBytes: number): Exchange {
  return {
    id: 'x',
    at: 0,
    method: 'POST',
    path: '/',
    clientAddress: '',
    userAgent: '',
    keyName: null,
    asked: null,
    stream: false,
    route: { tier: null, reason: null, classifier: null },
    served: null,
    attempts: [],
    status: 400,
    errorCode: 'x',
    errorMessage: null,
    finishReason: null,
    usage: null,
    timings: { readMs: 0, routeMs: 0, upstreamMs: 0, firstTokenMs: null, totalMs: 0, gatewayMs: 0 },
    revision: '',
    headers: { request: '', response: '' },
    pace: null,
    bodies: {
      request: new Uint8Array(bodyBytes),
      response: null,
      responseKind: 'none',
      requestBytes: bodyBytes,
      responseBytes: 0,
    },
  }
}

describe('ExchangeRecorder', () => {
  it('drops bodies before rows, counts both, and takes everything again once there is room', () => {
    const batches: ExchangeBatch[] = []
    let acknowledge: (rows: number, bytes: number) => void = () => {}
    const metrics = new Metrics()
    const recorder = new ExchangeRecorder({
      sink: {
        post: (batch) => batches.push(batch),
        takeSpare: () => null,
        onAcknowledged: (listener) => (acknowledge = listener),
      },
      metrics,
      window: new RateWindow(),
      live: new LiveBus(),
      costOf: () => ({ costUsd: null, savedUsd: null }),
    })
    for (let count = 0; count < 70; count++) recorder.record(exchange(1024 * 1024))
    expect(metrics.dropped()).toEqual({ rows: 0, bodies: 6 })
    for (let count = 70; count < 10_005; count++) recorder.record(exchange(0))
    recorder.flush()
    expect(metrics.dropped()).toEqual({ rows: 5, bodies: 6 })
    expect(batches.reduce((sum, batch) => sum + batch.rows.length, 0)).toBe(10_000)
    expect(recorder.depth).toBe(10_000)
    for (const batch of batches) acknowledge(batch.rows.length, batch.bytes)
    expect(recorder.depth).toBe(0)
    recorder.record(exchange(1024))
    expect(metrics.dropped()).toEqual({ rows: 5, bodies: 6 })
  })
})
