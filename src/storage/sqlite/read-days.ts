import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LogDay } from '../log-store.ts'

/** What each day of the log takes on disk with all its files, oldest first. */
export function readDays(dataDir: string): readonly LogDay[] {
  const folder = join(dataDir, 'logs')
  const days = new Map<string, number>()
  for (const name of namesIn(folder)) {
    const day = /^\d{4}-\d{2}-\d{2}/.exec(name)?.[0]
    const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
    if (day !== undefined) days.set(day, (days.get(day) ?? 0) + size)
  }
  return [...days]
    .map(([day, bytes]) => ({ day, bytes }))
    .sort((left, right) => left.day.localeCompare(right.day))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
