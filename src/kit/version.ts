import { readFileSync } from 'node:fs'

/** The version in package.json, two folders up from here in the sources as in the build. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
).version
