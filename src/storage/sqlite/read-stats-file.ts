import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** The writer holds the file alone for a moment when it makes it. */
const BUSY_MS = 2_000

/** Reads from the file of sums; `nothing` where it, or the table in it, is not there yet. */
export function readStatsFile<T>(path: string, nothing: T, read: (database: DatabaseSync) => T): T {
  if (!existsSync(path)) return nothing
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS })
  try {
    return read(database)
  } catch (error) {
    // Being made at this moment, or by an earlier version that did not count this.
    if (error instanceof Error && error.message.startsWith('no such table')) return nothing
    throw error
  } finally {
    database.close()
  }
}
