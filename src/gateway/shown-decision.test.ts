import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../config/snapshot.ts'
import { loadConfigText } from '../config/load.ts'
import { intentOf } from '../classify/classifier.ts'
import { shownAsk, shownRecord } from './shown-decision.ts'

function snapshotOf(bodies: string, classifier = 'llm'): Snapshot {
  const text = `
version: 1
providers: { fake: { base_url: "https://fake.example/v1", api_key: "sk-fake-000000000001" } }
tiers: { t1: { models: [fake/small] } }
routing: { classifier: ${classifier}, llm: { model: fake/judge } }
logs: { bodies: ${bodies} }
`
  const loaded = loadConfigText(text, { configPath: null, language: 'en', env: {} })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded))
  return loaded.snapshot
}

const judged = (snapshot: Snapshot, answer: string, model = 'fake/judge'): unknown =>
  shownRecord(snapshot, { model, ms: 1, answer, error: null, usage: null })?.answer

describe('what the log shows of a decision', () => {
  const redacted = snapshotOf('redacted')

  it('is masked before it is cut, so that no half of a number is left', () => {
    const text = `${'x'.repeat(490)} 4111 1111 1111 1111`
    const message = { role: 'user', text, images: 0, isToolResult: false }
    const intent = intentOf({ conversation: () => [message] })
    expect(shownAsk(redacted, intent)).toBe(`${'x'.repeat(490)} [redacted`)
    expect(shownAsk(snapshotOf('none'), intent)).toBeNull()
  })

  it('lacks what a cut has left of the end of the words of a judge', () => {
    const cut = (end: string): string => `T2 ${'x'.repeat(196 - end.length)} ${end}`
    expect(judged(redacted, cut('bob@exam'))).toMatch(/^T2 x+ …$/)
    expect(judged(redacted, cut('4111 1111 11'))).toMatch(/^T2 x+ …$/)
    expect(judged(redacted, 'T2, as bob@exam')).toBe('T2, as bob@exam')
  })

  it('is no more than the votes where no bodies are kept', () => {
    const none = snapshotOf('none', 'cascade')
    const vote = '; local t1 t1=0.900 t2=0.090 t3=0.010 (words +1.00)'
    expect(judged(none, `T3: Bob wants a proof (shared)${vote}`)).toBe(`t3 (shared)${vote}`)
    expect(judged(none, `Bob is ill${vote}`)).toBe(`no tier${vote}`)
    expect(judged(snapshotOf('none'), 'T3; local bank of Bob')).toBe('t3')
    const local = 't1 t1=0.900 t2=0.090 t3=0.010'
    expect(judged(none, local, 'local/1')).toBe(local)
  })
})
