/** Compiles the classifier's arithmetic. `node scripts/build-kernel.ts` writes assets/tier-kernel.wasm. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const path = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

const SOURCE = path('src/classify/local/kernel.as')
const COMPILER = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'))
export const KERNEL = path('assets/tier-kernel.wasm')

const OPTIONS = [
  '--optimizeLevel=3',
  '--shrinkLevel=0',
  '--noAssert',
  '--runtime=stub',
  '--enable=simd',
  '--importMemory',
  '--outFile=kernel.wasm',
]

/** The compiled kernel; throws with the compiler's own words where it does not compile. */
export function buildKernel(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'))
  try {
    // The compiler takes only names in `.ts`; the source is not TypeScript and has a name of its own.
    copyFileSync(SOURCE, join(folder, 'kernel.ts'))
    execFileSync(process.execPath, [COMPILER, 'kernel.ts', ...OPTIONS], { cwd: folder })
    return readFileSync(join(folder, 'kernel.wasm'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(KERNEL, buildKernel())
}
