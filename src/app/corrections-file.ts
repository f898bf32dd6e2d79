import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Residual } from '../classify/learning/residual.ts'
import { parseJson } from '../kit/json-value.ts'
import { isMissing } from './is-missing.ts'

/** A correction with the version of the shipped model that it is one of. */
export interface Correction extends Residual {
  readonly model: string
}

/** Corrections kept for going back. */
const CORRECTIONS_MAX = 5

const correctionsSchema = z.array(
  z.object({
    version: z.number(),
    // What was written before models were told apart fits none.
    model: z.string().default(''),
    bias: z.tuple([z.number(), z.number(), z.number()]),
    weights: z.array(z.number()),
  }),
)

/** All corrections, the newest last; null where the file holds something else. Throws where it cannot be read. */
export function readCorrections(path: string): readonly Correction[] | null {
  try {
    return correctionsSchema.safeParse(parseJson(readFileSync(path, 'utf8'))).data ?? null
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The correction that decisions of a version of the model get. Only looks: changes nothing, never throws. */
export function correctionInForce(dataDir: string, model: string): Residual | null {
  try {
    const corrections = readCorrections(join(dataDir, 'learning', 'corrections.json'))
    return corrections?.findLast((correction) => correction.model === model) ?? null
  } catch {
    return null
  }
}

/** Replaced in one step: a gateway may read it at any moment. */
export function writeCorrections(path: string, corrections: readonly Correction[]): void {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.new`
  writeFileSync(draft, JSON.stringify(corrections.slice(-CORRECTIONS_MAX)))
  renameSync(draft, path)
}

/** Moves a broken file out of the way, over nothing that was moved before; returns where it is. */
export function setAside(path: string): string {
  let aside = `${path}.broken`
  for (let count = 2; existsSync(aside); count++) aside = `${path}.broken-${count}`
  renameSync(path, aside)
  return aside
}
