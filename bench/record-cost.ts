import type { Exchange } from '../src/contract/exchange.ts'
import type { ExchangeBatch } from '../src/contract/exchange-row.ts'
import { MessageChannel } from 'node:worker_threads'
import { ExchangeRecorder } from '../src/telemetry/exchange-recorder.ts'
import { LiveBus } from '../src/telemetry/live-bus.ts'
import { Metrics } from '../src/telemetry/metrics.ts'
import { RateWindow } from '../src/telemetry/rate-window.ts'

const ROWS = 2_000
const ROUNDS = 60
const BODY_BYTES = 1_000

/**
 * Microseconds of the main thread per recorded row, batches posted included; the median round.
 * Buffers come back after use, as the log's thread gives them back.
 */
export async function measureRecord(): Promise<number> {
  const { port1, port2 } = new MessageChannel()
  const spares: ArrayBuffer[] = []
  let acknowledge: (rows: number, bytes: number) => void = () => {}
  port2.on('message', ({ bodies, rows, bytes }: ExchangeBatch) => {
    spares.push(bodies)
    acknowledge(rows.length, bytes)
  })
  const recorder = new ExchangeRecorder({
    sink: {
      post: (batch) => port1.postMessage(batch, [batch.bodies]),
      takeSpare: () => spares.pop() ?? null,
      onAcknowledged: (listener) => {
        acknowledge = listener
      },
    },
    metrics: new Metrics(),
    window: new RateWindow(),
    live: new LiveBus(),
    costOf: () => ({ costUsd: 0.001, savedUsd: 0.002 }),
  })
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const exchanges = Array.from({ length: ROWS }, (_, index) => sample(index))
    const startedAt = performance.now()
    for (const exchange of exchanges) recorder.record(exchange)
    recorder.flush()
    rounds.push(((performance.now() - startedAt) * 1_000) / ROWS)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  port1.close()
  return rounds.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0
}

function sample(index: number): Exchange {
  return {
    id: `01a20ca5-aacf-7000-b239-${String(index).padStart(12, '0')}`,
    at: 1_795_508_513_487 + index,
    method: 'POST',
    path: '/v1/chat/completions',
    clientAddress: '127.0.0.1',
    userAgent: 'bench',
    keyName: 'file:1',
    asked: 'auto',
    stream: false,
    route: { tier: 't1', reason: 'rule; rule=0', classifier: null },
    served: 'w1/bench',
    attempts: [
      {
        provider: 'w1',
        model: 'bench',
        outcome: 'ok',
        next: 'done',
        status: 200,
        connectMs: 0.3,
        firstTokenMs: 1.2,
        totalMs: 1.3,
        error: null,
        key: null,
        waitedMs: 0,
        resumed: false,
        changes: { model: '"bench"', top_p: '0.9', seed: '1' },
      },
    ],
    status: 200,
    errorCode: null,
    errorMessage: null,
    finishReason: 'stop',
    usage: {
      promptTokens: 200,
      completionTokens: 200,
      totalTokens: 400,
      cachedTokens: 0,
      reasoningTokens: 0,
    },
    timings: {
      readMs: 0.1,
      routeMs: 0.05,
      upstreamMs: 1.3,
      firstTokenMs: 1.4,
      totalMs: 1.6,
      gatewayMs: 0.2,
    },
    revision: '2c8f20b323c1a280',
    headers: { request: '', response: '' },
    pace: null,
    bodies: {
      request: new Uint8Array(BODY_BYTES),
      response: [new Uint8Array(BODY_BYTES)],
      responseKind: 'json',
      requestBytes: BODY_BYTES,
      responseBytes: BODY_BYTES,
    },
  }
}
