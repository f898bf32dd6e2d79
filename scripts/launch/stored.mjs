import { existsSync, readFileSync } from 'node:fs'
import { root } from './root.mjs'

const percent = (share) => `${(100 * share).toFixed(1)} %`

/** What was measured in training and cannot be measured with the shipped file alone. */
export function printStored() {
  for (const [what, file] of [
    ['held out in training', 'held-out.json'],
    ['whole sources held out', 'held-out-source.json'],
  ]) {
    const { held_out: parts = {}, measured } = stored(file) ?? {}
    const when = measured === undefined ? '' : ` [${measured}]`
    for (const [name, figures] of Object.entries(parts)) {
      const { rows, accuracy, clear, recall_t3, calibration_error, saved_at_95 } = figures
      console.log(
        `${what}${when}, ${name} (${rows} rows): accuracy ${percent(accuracy)}, clear ${percent(clear)}, ` +
          `recall T3 ${percent(recall_t3)}, ECE ${percent(calibration_error)}, saved@95 ${percent(saved_at_95)}`,
      )
    }
  }
  for (const [name, figures] of Object.entries(stored('routellm.json') ?? {})) {
    const { rows, ...routers } = figures
    const row = ([router, { apgr, cpt50, cpt80 }]) =>
      `${router}: APGR ${apgr} CPT50 ${cpt50} CPT80 ${cpt80}`
    console.log(`${name} (${rows} rows): ${Object.entries(routers).map(row).join('; ')}`)
  }
}

function stored(name) {
  const file = new URL(`train/data/eval/${name}`, root)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
