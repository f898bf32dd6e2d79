/**
 * Fills a data folder with a day that looks like a real one, for looking at the panel and for its
 * tests: questions in two languages, several providers and keys, failovers, broken streams.
 *
 * usage: node scripts/seed-demo-day.ts DATA_DIR [REQUESTS] [HOURS]
 */
import type { AttemptRecord, Exchange, Outcome } from '../src/contract/exchange.ts'
import { encodeRow } from '../src/contract/exchange-row.ts'
import { newId } from '../src/kit/id.ts'
import { LogWriter } from '../src/storage/sqlite/write-log.ts'

const [, , dataDir, requests = '6000', hours = '26'] = process.argv
if (dataDir === undefined) {
  console.error('usage: node scripts/seed-demo-day.ts DATA_DIR [REQUESTS] [HOURS]')
  process.exit(2)
}

/** The same day every time (mulberry32). */
let state = 20_261_125
function chance(): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T
/** A long tail to the right, as durations have. */
const around = (middle: number, spread = 0.45): number =>
  middle * Math.exp(spread * (chance() + chance() + chance() - 1.5) * 2)

type TierName = 't1' | 't2' | 't3'

interface Model {
  readonly id: string
  readonly input: number
  readonly output: number
  readonly firstTokenMs: number
  readonly tokensPerS: number
  readonly failing: number
}

const MODELS: Readonly<Record<TierName, readonly Model[]>> = {
  t1: [
    {
      id: 'deepseek/deepseek-v4-flash',
      input: 0.14,
      output: 0.28,
      firstTokenMs: 420,
      tokensPerS: 95,
      failing: 0.01,
    },
    {
      id: 'dashscope/qwen-flash',
      input: 0.05,
      output: 0.4,
      firstTokenMs: 350,
      tokensPerS: 120,
      failing: 0.015,
    },
  ],
  t2: [
    {
      id: 'moonshot/kimi-k2.5',
      input: 0.6,
      output: 2.5,
      firstTokenMs: 900,
      tokensPerS: 70,
      failing: 0.05,
    },
    {
      id: 'openai/gpt-5-mini',
      input: 0.25,
      output: 2,
      firstTokenMs: 650,
      tokensPerS: 110,
      failing: 0.012,
    },
  ],
  t3: [
    {
      id: 'openai/gpt-5.5',
      input: 5,
      output: 25,
      firstTokenMs: 2_600,
      tokensPerS: 55,
      failing: 0.02,
    },
    {
      id: 'deepseek/deepseek-v4-pro',
      input: 1.74,
      output: 3.48,
      firstTokenMs: 3_200,
      tokensPerS: 48,
      failing: 0.03,
    },
  ],
}
const STRONGEST = MODELS.t3[0] as Model

const QUESTIONS: Readonly<Record<TierName, readonly string[]>> = {
  t1: [
    'what time is it in Tokyo when it is 9am in Berlin',
    '谢谢，先这样',
    'translate "delivery delayed" into Spanish',
    '帮我把这句话改得礼貌一点：发票还没开，快点',
    'What is the capital of Mongolia?',
    '快递一般几天到？',
    'fix the typo: "recieve your parcel tommorow"',
    '「退款」用英文怎么说',
    'summarise in one line: customer wants size L instead of M',
    '现在还能改地址吗',
  ],
  t2: [
    'Write a SQL query that lists the ten customers with the highest revenue this quarter, ties included.',
    '写一封邮件给供应商，说明这批布料色差超标，要求三天内给出补救方案。',
    'Refactor this React component so that the form state lives in a custom hook.',
    '把下面的会议记录整理成待办清单，标出负责人和截止日期。',
    'Compare Postgres logical replication with Debezium for feeding a search index.',
    '给新款蓝牙耳机写三条小红书文案，语气轻松，别太夸张。',
    'Write unit tests for a function that parses ISO 8601 durations.',
    '用 Python 写一个脚本，把文件夹里的 heic 批量转成 jpg 并保留 EXIF。',
    'Explain how to read a flame graph to somebody who has never seen one.',
    '帮我写一份客服话术，处理客户投诉发货慢。',
  ],
  t3: [
    'Our p99 doubled after we moved to three replicas although CPU is at 30 %. Reads are 95 %. Here are the numbers … what is going on and how would you prove it?',
    '设计一个多租户的计费系统：按量计费、阶梯价、预付费余额、退款对账，要求任何时刻账都能平。',
    'Prove that every finite division ring is commutative, and say where finiteness is used.',
    '三台机器、五道工序、交货期和换型时间如下，给出使总延误最小的排产，并说明为什么最优。',
    'A patient on warfarin and amiodarone needs an antifungal. Walk through the interactions and propose a plan.',
    '为什么我们的 A/B 测试总体显著，但按设备拆分后两边都不显著甚至方向相反？请推导并给出检验办法。',
    'Plan a migration of 40 TB from MySQL 5.7 to sharded Postgres with less than five minutes of downtime and a way back.',
    '证明：对任意正整数 n，存在 n 个连续的合数；并给出最小起点的渐近估计。',
  ],
}
const KEYS = [
  ['web-app', 0.46],
  ['客服机器人', 0.28],
  ['batch-job', 0.14],
  ['mobile', 0.12],
] as const
const AGENTS = [
  'openai-python/2.8.1',
  'OpenAI/JS 7.57.0',
  'LobeChat/1.140',
  'cline/3.40',
  'curl/8.11.0',
]
const ANSWER = [
  'Here is the short answer first, then the reasoning behind it.',
  '先给结论，再说明理由。',
  'The steps below can be followed in order; each says how to check that it worked.',
  '下面按步骤说明，每一步都给出检查方法。',
  'Two things matter here, and they pull in opposite directions.',
  '这里有两个因素，它们的作用正好相反。',
]

const now = Date.now()
const spanMs = Number(hours) * 3_600_000
const writer = new LogWriter(
  dataDir,
  { bodies: 'full', retentionDays: 30, secrets: [] },
  () => clock,
)
let clock = now - spanMs

/** More by day than by night, with two humps, and an incident of one provider in the evening. */
function timeOfDay(): number {
  for (;;) {
    const at = now - chance() * spanMs
    const hour = (new Date(at).getUTCHours() + 8) % 24
    const busy =
      0.12 + 0.6 * hump(hour, 10.5, 2.6) + 0.75 * hump(hour, 15.5, 3) + 0.35 * hump(hour, 21, 1.8)
    if (chance() < busy) return Math.round(at)
  }
}

function hump(hour: number, middle: number, width: number): number {
  return Math.exp(-(((hour - middle) / width) ** 2) / 2)
}

function exchangeAt(at: number): Exchange {
  const tier = chance() < 0.47 ? 't1' : chance() < 0.72 ? 't2' : 't3'
  const question = pick(QUESTIONS[tier])
  const byRule = chance() < 0.12
  const confidence = 0.55 + chance() * 0.44
  const stream = chance() < 0.7
  const routeMs = byRule ? around(0.05) : around(0.3)
  const attempts = attemptsOf(tier, at)
  const last = attempts.at(-1) as AttemptRecord
  const served = last.outcome === 'ok' ? `${last.provider}/${last.model}` : null
  const upstreamMs = attempts.reduce((sum, { totalMs, waitedMs }) => sum + totalMs + waitedMs, 0)
  const before = attempts
    .slice(0, -1)
    .reduce((sum, { totalMs, waitedMs }) => sum + totalMs + waitedMs, 0)
  const promptTokens = Math.round(around(tier === 't1' ? 60 : tier === 't2' ? 420 : 900, 0.7))
  const completionTokens = Math.max(4, Math.round(around(TOKENS[tier], 0.5)))
  const text = answerText(completionTokens)
  const id = newId(at)
  const key = weighted(KEYS)
  const status = served === null ? (last.outcome === 'rate' ? 429 : 502) : 200
  const total = upstreamMs + routeMs + 0.6
  return {
    id,
    at,
    method: 'POST',
    path: '/v1/chat/completions',
    clientAddress: '127.0.0.1',
    userAgent: pick(AGENTS),
    keyName: key,
    asked: chance() < 0.86 ? 'auto' : 'gpt-4o',
    stream,
    route: {
      tier,
      reason: byRule
        ? `rule; rule=${tier === 't3' ? 1 : 0}`
        : `local; p=${confidence.toFixed(2)}; why=words,length`,
      classifier: byRule
        ? null
        : {
            model: 'local/2026-11',
            ms: 0.08,
            answer: `${tier} t1=${tier === 't1' ? confidence.toFixed(2) : '0.10'} t2=${tier === 't2' ? confidence.toFixed(2) : '0.15'} t3=${tier === 't3' ? confidence.toFixed(2) : '0.08'}`,
            error: null,
            usage: null,
            ask: question,
          },
    },
    served,
    attempts,
    status,
    errorCode: served === null ? (status === 429 ? 'rate_limit_exceeded' : 'upstream_error') : null,
    errorMessage: served === null ? (last.error ?? 'every model of the tier failed') : null,
    finishReason: served === null ? null : chance() < 0.97 ? 'stop' : 'length',
    usage:
      served === null
        ? null
        : {
            promptTokens,
            completionTokens,
            totalTokens: promptTokens + completionTokens,
            cachedTokens: 0,
            reasoningTokens: 0,
          },
    timings: {
      readMs: 0.2,
      routeMs,
      upstreamMs,
      firstTokenMs:
        served === null || last.firstTokenMs === null ? null : before + routeMs + last.firstTokenMs,
      totalMs: total,
      gatewayMs: around(0.4),
    },
    revision: '9f2c41d07be81a35',
    headers: {
      request: 'host: 127.0.0.1:6688\ncontent-type: application/json\naccept: */*\n',
      response: `x-request-id: ${id}\nx-smartroute-tier: ${tier}\n${served === null ? '' : `x-smartroute-model: ${served}\n`}`,
    },
    pace:
      stream && served !== null
        ? paceOf(before + routeMs + (last.firstTokenMs ?? 0), total, text.length)
        : null,
    bodies: bodiesOf(question, text, { served, stream, promptTokens, completionTokens }),
  }
}

const TOKENS = { t1: 45, t2: 380, t3: 900 } as const

function attemptsOf(tier: TierName, at: number): AttemptRecord[] {
  const incident = new Date(at).getUTCHours() === 12 && new Date(at).getUTCMinutes() < 40
  const attempts: AttemptRecord[] = []
  for (const model of MODELS[tier]) {
    const failing = incident && model.id.startsWith('moonshot') ? 0.85 : model.failing
    if (chance() >= failing) return [...attempts, attempt(model, 'ok', tier)]
    const outcome = pick<Outcome>(['rate', 'server', 'overload', 'timeout_first_token', 'connect'])
    attempts.push(attempt(model, outcome, tier))
  }
  if (chance() < 0.75) attempts.push(attempt(MODELS[tier][0] as Model, 'ok', tier))
  return attempts
}

const FAILURES: Partial<
  Record<Outcome, readonly [status: number | null, text: string, ms: number]>
> = {
  rate: [429, 'HTTP 429: rate limit reached for requests per minute', 180],
  server: [500, 'HTTP 500: internal error', 240],
  overload: [503, 'HTTP 503: the engine is overloaded, try again', 210],
  timeout_first_token: [null, 'no first token within 10000 ms', 10_000],
  connect: [null, 'ECONNREFUSED: connect failed', 30],
}

function attempt(model: Model, outcome: Outcome, tier: TierName): AttemptRecord {
  const [provider = '', name = ''] = model.id.split('/')
  const firstTokenMs = around(model.firstTokenMs)
  const failure = FAILURES[outcome]
  const ok = outcome === 'ok'
  return {
    provider,
    model: name,
    outcome,
    next: ok ? 'done' : 'next_model',
    status: ok ? 200 : (failure?.[0] ?? null),
    key: null,
    waitedMs: 0,
    resumed: false,
    connectMs: outcome === 'connect' ? null : around(38),
    firstTokenMs: ok ? firstTokenMs : null,
    totalMs: ok
      ? firstTokenMs + (around(TOKENS[tier]) / model.tokensPerS) * 1_000
      : around(failure?.[2] ?? 200, 0.2),
    error: ok ? null : (failure?.[1] ?? outcome),
    changes: {
      model: JSON.stringify(name),
      ...(name === 'kimi-k2.5' ? { top_p: '0.95' } : {}),
      stream_options: '{"include_usage":true}',
    },
  }
}

function answerText(tokens: number): string {
  let text = ''
  while (text.length < Math.min(tokens * 3, 1_500)) text += `${pick(ANSWER)} `
  return text.trim()
}

function bodiesOf(
  question: string,
  text: string,
  about: { served: string | null; stream: boolean; promptTokens: number; completionTokens: number },
): Exchange['bodies'] {
  const request = Buffer.from(
    JSON.stringify({
      model: 'auto',
      messages: [
        {
          role: 'system',
          content: 'You are the assistant of a shop for outdoor gear. 你是一家户外用品店的助手。',
        },
        { role: 'user', content: question },
      ],
      ...(about.stream ? { stream: true } : { temperature: 0.7 }),
    }),
  )
  const model = about.served ?? ''
  const usage = {
    prompt_tokens: about.promptTokens,
    completion_tokens: about.completionTokens,
    total_tokens: about.promptTokens + about.completionTokens,
  }
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-seed', object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const body =
    about.served === null
      ? JSON.stringify({
          error: {
            message: 'every model of the tier failed',
            type: 'server_error',
            param: null,
            code: 'upstream_error',
          },
        })
      : about.stream
        ? `${(text.match(/.{1,40}/gsu) ?? []).map((content) => chunk({ content }, null)).join('')}${chunk({}, 'stop')}data: [DONE]\n\n`
        : JSON.stringify({
            id: 'chatcmpl-seed',
            object: 'chat.completion',
            model,
            choices: [
              { index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' },
            ],
            usage,
          })
  const response = Buffer.from(body)
  return {
    request,
    response: [response],
    responseKind: about.stream && about.served !== null ? 'sse' : 'json',
    requestBytes: request.length,
    responseBytes: response.length,
  }
}

function paceOf(fromMs: number, toMs: number, bytes: number): readonly number[] {
  const steps = Math.min(110, Math.max(4, Math.round(bytes / 30)))
  const stall = chance() < 0.2 ? Math.floor(chance() * steps) : -1
  const pace: number[] = []
  let at = fromMs
  for (let step = 0; step < steps; step++) {
    pace.push(Math.round(at), Math.round(around(bytes / steps, 0.3)))
    at += ((toMs - fromMs) / steps) * (step === stall ? 8 : 0.93)
  }
  return pace
}

function costOf({ usage, served }: Exchange): { costUsd: number | null; savedUsd: number | null } {
  const model = Object.values(MODELS)
    .flat()
    .find(({ id }) => id === served)
  if (usage === null || model === undefined) return { costUsd: null, savedUsd: null }
  const at = ({ input, output }: Model): number =>
    (usage.promptTokens * input + usage.completionTokens * output) / 1e6
  return { costUsd: at(model), savedUsd: at(STRONGEST) - at(model) }
}

function weighted(items: readonly (readonly [string, number])[]): string {
  let left = chance()
  for (const [name, share] of items) {
    left -= share
    if (left <= 0) return name
  }
  return items[0]?.[0] ?? ''
}

const times = Array.from({ length: Number(requests) }, () => timeOfDay()).sort((a, b) => a - b)
const BATCH = 100
for (let at = 0; at < times.length; at += BATCH) {
  const exchanges = times.slice(at, at + BATCH).map(exchangeAt)
  clock = times[Math.min(at + BATCH, times.length) - 1] ?? now
  const bodies = exchanges.flatMap(({ bodies }) => [
    bodies.request ?? new Uint8Array(),
    ...(bodies.response ?? []),
  ])
  const buffer = Buffer.concat(bodies)
  writer.write({
    rows: exchanges.map((exchange) => encodeRow(exchange, costOf(exchange), true)),
    bodies: buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length),
    bytes: buffer.length,
  })
}
writer.close()
console.log(`${times.length} requests over ${hours} h in ${dataDir}`)
