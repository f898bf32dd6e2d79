// Runs on whatever Node npm has: installs what is missing, builds what is stale, then hands over
// to the project's own runtime. Plain JavaScript, because that Node may not read TypeScript.
import { buildIfStale } from './launch/build.mjs'
import { installIfMissing } from './launch/install.mjs'
import { run, runtime } from './launch/run.mjs'
import { printStored } from './launch/stored.mjs'
import { testAll } from './launch/test.mjs'

const [task, ...rest] = process.argv.slice(2)

installIfMissing()
switch (task) {
  case 'start':
    buildIfStale()
    process.exitCode = await run(runtime(), ['dist/main.js', ...rest])
    break
  case 'build':
    buildIfStale()
    break
  case 'test':
    buildIfStale()
    process.exitCode = testAll()
    break
  case 'bench':
    buildIfStale()
    process.exitCode = await run(runtime(), ['bench/run.ts', ...rest])
    break
  case 'eval': {
    buildIfStale()
    const set =
      rest.length > 0
        ? rest
        : [
            'train/data/eval/tiers_public.jsonl',
            '--config',
            'train/eval.yaml',
            '--out',
            'train/data/eval/result.json',
            '--force',
          ]
    process.exitCode = await run(runtime(), ['dist/main.js', 'eval', ...set])
    if (rest.length === 0) printStored()
    break
  }
  default:
    console.error('Usage: node scripts/launch.mjs start|build|test|bench|eval')
    process.exitCode = 2
}
