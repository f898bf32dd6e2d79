import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Frozen, Promotion } from '../classify/learning/promotion.ts'
import { Learning } from './learning.ts'

const FROZEN = fileURLToPath(new URL('../../assets/frozen-set.json', import.meta.url))

/** Fits a correction to the lessons in a data folder; it takes over only if it proves better. */
export function refit(dataDir: string): Promotion {
  const frozen = JSON.parse(readFileSync(FROZEN, 'utf8')) as readonly Frozen[]
  return new Learning(dataDir).refit(frozen)
}
