type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Longer waits are not believed. */
const MS_MAX = 24 * 3_600_000
/** Resets beyond this are points in time, not durations (agentgateway's rule). */
const DURATION_S_MAX = 30 * 24 * 3_600
/** Limits whose reset counts only once nothing of them remains. */
const LIMITS = [
  'requests',
  'tokens',
  'requests-day',
  'tokens-minute',
  'input-tokens',
  'output-tokens',
]

/**
 * Milliseconds a provider asks to wait, or null: the exact headers (RFC 9110 10.2.3 and the
 * vendors' own), then the resets of exhausted limits, then a duration in the message.
 */
export function readRetryAfter(headers: Headers, wallMs: number, message = ''): number | null {
  return (
    milliseconds(headers['retry-after-ms']) ??
    milliseconds(headers['x-ms-retry-after-ms']) ??
    secondsOrDate(headers['retry-after'], wallMs) ??
    exhaustedReset(headers, wallMs) ??
    fromMessage(message)
  )
}

function milliseconds(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && value.trim() !== '' ? plausible(Number(value)) : null
}

function secondsOrDate(value: string | string[] | undefined, wallMs: number): number | null {
  if (typeof value !== 'string' || value.trim() === '') return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return plausible(seconds * 1000)
  // A date must look like one: Date.parse reads a year into nearly anything.
  if (!/\d{2}:\d{2}/.test(value)) return null
  const at = Date.parse(value) - wallMs
  return at < 0 && at > -MS_MAX ? 0 : plausible(at)
}

/** The smallest reset among the limits of which nothing remains. */
function exhaustedReset(headers: Headers, wallMs: number): number | null {
  const waits: number[] = []
  for (const limit of LIMITS) {
    for (const prefix of ['x-ratelimit', 'anthropic-ratelimit']) {
      const [remaining, reset] =
        prefix === 'x-ratelimit'
          ? [headers[`${prefix}-remaining-${limit}`], headers[`${prefix}-reset-${limit}`]]
          : [headers[`${prefix}-${limit}-remaining`], headers[`${prefix}-${limit}-reset`]]
      if (typeof remaining !== 'string' || Number(remaining) !== 0) continue
      const wait = resetMs(reset, wallMs)
      if (wait !== null) waits.push(wait)
    }
  }
  if (waits.length > 0) return Math.min(...waits)
  const remaining = headers['x-ratelimit-remaining']
  if (typeof remaining === 'string' && Number(remaining) > 0) return null
  return resetMs(headers['x-ratelimit-reset'], wallMs)
}

/** `1m30s`, `20ms`, seconds, an epoch in seconds or milliseconds, or a date. */
function resetMs(value: string | string[] | undefined, wallMs: number): number | null {
  if (typeof value !== 'string') return null
  const duration = durationMs(value)
  if (duration !== null) return plausible(duration)
  const number = Number(value)
  if (!Number.isFinite(number)) return secondsOrDate(value, wallMs)
  if (number < DURATION_S_MAX) return plausible(number * 1000)
  return plausible((number > 1e11 ? number : number * 1000) - wallMs)
}

const DURATION =
  /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/

function durationMs(text: string): number | null {
  const match = DURATION.exec(text.trim())
  if (match === null || text.trim() === '') return null
  const [days, hours, minutes, seconds, ms] = match.slice(1).map((part) => Number(part ?? 0))
  return (
    (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 +
    (seconds ?? 0) * 1000 +
    (ms ?? 0)
  )
}

const IN_MESSAGE =
  /(?:try again|retry|retry_?delay|wait|重试|等待)\D{0,20}?(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|sec|seconds?|m|min|minutes?|秒|分钟)(?![A-Za-z])/i

function fromMessage(message: string): number | null {
  const match = IN_MESSAGE.exec(message.slice(0, 2_000))
  if (match === null) return null
  const unit = (match[2] ?? '').toLowerCase()
  const factor =
    unit.startsWith('ms') || unit.startsWith('milli') ? 1 : /^(?:m|分)/.test(unit) ? 60_000 : 1000
  return plausible(Number(match[1]) * factor)
}

function plausible(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 && ms <= MS_MAX ? ms : null
}
