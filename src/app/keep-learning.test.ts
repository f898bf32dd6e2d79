import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../../test/support/start-gateway.ts'
import { shippedVersion } from '../classify/shipped-model.ts'
import { keepLearning } from './keep-learning.ts'
import { Learning } from './learning.ts'

const lesson = (index: number): string =>
  JSON.stringify({
    requestId: `r${index}`,
    buckets: index % 2 === 0 ? [7, 100 + (index % 9)] : [300 + (index % 11)],
    probabilities: [0.2, 0.6, 0.2],
    tier: index % 2 === 0 ? 2 : 1,
    weight: 1,
    model: shippedVersion(),
  })

describe('learning in the background', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'learning-'))
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  it('fits a correction on its own thread once enough was taught, and only where it is on', async () => {
    const learning = new Learning(dataDir)
    const lines: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
    let isOn = false
    const onFault = (): void => {}
    const { stop } = keepLearning({ learning, dataDir, log, isEnabled: () => isOn, onFault }, 20)
    mkdirSync(join(dataDir, 'learning'))
    const lessons = Array.from({ length: 160 }, (_, index) => lesson(index))
    writeFileSync(join(dataDir, 'learning', 'lessons.jsonl'), `${lessons.join('\n')}\n`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(lines).toEqual([])
    isOn = true
    await until(() => lines.length > 0, 10_000)
    // Whether it proves better is for the frozen set to say; that it was tried is what counts here.
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'learning',
      result: { kind: expect.stringMatching(/^(?:promoted|refused)$/) as string, lessons: 160 },
    })
    // The same lessons are no reason to fit again.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(lines).toHaveLength(1)
    stop()
  })
})
