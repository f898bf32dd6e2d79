import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Replaces a file so that it is always the old or the new one, also after a crash: written beside
 * it, synced, renamed, and the folder synced. Throws what the system throws; the old file stays.
 */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.new-${process.pid}`
  try {
    const descriptor = openSync(temporary, 'w', modeOf(path))
    try {
      let bytes = Buffer.from(text)
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(descriptor, bytes))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** Makes a file that only its owner can read. Throws where there is one: it is somebody's. */
export function createFile(path: string, text: string): void {
  closeSync(openSync(path, 'wx', 0o600))
  try {
    replaceFile(path, text)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode & 0o777
  } catch {
    return 0o600
  }
}

/** Not every system lets a folder be opened; the rename is atomic without it. */
function syncFolder(path: string): void {
  try {
    const descriptor = openSync(path, 'r')
    fsyncSync(descriptor)
    closeSync(descriptor)
  } catch {
    // The rename itself has happened.
  }
}
