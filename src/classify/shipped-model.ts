import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readModelAsset, readModelVersion } from './local/asset.ts'
import { TierModel } from './local/tier-model.ts'

/** The model ships beside the code, at the same depth from source and from the built package. */
const ASSET = fileURLToPath(new URL('../../assets/tier-model.bin', import.meta.url))

/** The header is shorter; the numbers behind it are megabytes. */
const HEADER_BYTES_MAX = 65_536

export function shippedModel(): TierModel {
  return new TierModel(readModelAsset(readFileSync(ASSET)))
}

/** The version alone, for who learns on top of the model and does not run it. */
export function shippedVersion(): string {
  const file = openSync(ASSET, 'r')
  try {
    const start = Buffer.alloc(HEADER_BYTES_MAX)
    return readModelVersion(start.subarray(0, readSync(file, start)))
  } finally {
    closeSync(file)
  }
}
