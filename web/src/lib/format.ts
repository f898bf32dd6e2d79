import { currentLanguage } from './preferences.ts'

const locale = (): string => (currentLanguage() === 'zh' ? 'zh-CN' : 'en')

/** `1,234` below ten thousand, `12.3K` (`1.2万`) above. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat(locale(), {
    notation: Math.abs(value) >= 10_000 ? 'compact' : 'standard',
    maximumFractionDigits: Math.abs(value) >= 10_000 ? 1 : 0,
  }).format(value)
}

/** Requests per second and the like: more digits the smaller it is. */
export function formatRate(value: number): string {
  const digits = value >= 100 ? 0 : value >= 1 ? 1 : 2
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value)
}

/** Milliseconds in the unit of their size: `340 ms`, `22.7 s`, `3 m 20 s`. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 10) return `${ms.toFixed(1)} ms`
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1_000)} s`
  if (ms < 86_400_000)
    return `${Math.floor(ms / 3_600_000)} h ${Math.round((ms % 3_600_000) / 60_000)} m`
  return `${Math.floor(ms / 86_400_000)} d ${Math.round((ms % 86_400_000) / 3_600_000)} h`
}

/** US dollars with as many digits as say something: `$1,204`, `$3.42`, `$0.0021`. */
export function formatUsd(value: number | null): string {
  if (value === null) return '–'
  if (value === 0) return '$0'
  const size = Math.abs(value)
  const digits = size >= 1_000 ? 0 : size >= 1 ? 2 : Math.min(8, 1 - Math.floor(Math.log10(size)))
  return `${value < 0 ? '-' : ''}$${size.toLocaleString('en', { minimumFractionDigits: Math.min(2, digits), maximumFractionDigits: digits })}`
}

export function formatPercent(share: number | null, digits = 1): string {
  if (share === null) return '–'
  const shown = (share * 100).toFixed(digits)
  // 99.96 % of a million requests is not all of them.
  if (share < 1 && Number(shown) === 100) return `>${(100 - 10 ** -digits).toFixed(digits)} %`
  return `${Number(shown)} %`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit++
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`
}

export function formatTime(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(at)
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(locale(), {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at)
}

/** `3 minutes ago`, `3分钟前`. */
export function formatAgo(at: number, now = Date.now()): string {
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  const seconds = (at - now) / 1_000
  const size = Math.abs(seconds)
  if (size < 60) return format.format(Math.round(seconds), 'second')
  if (size < 3_600) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return format.format(Math.round(seconds / 3_600), 'hour')
  return format.format(Math.round(seconds / 86_400), 'day')
}

/** Local time in full with UTC behind it, for titles. */
export function exactTime(at: number): string {
  return `${new Date(at).toLocaleString(locale(), { hour12: false })} (${new Date(at).toISOString()})`
}
