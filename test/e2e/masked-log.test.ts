import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chat } from '../support/chat.ts'
import { type Fixture, provider, withGateway } from '../support/fixture.ts'
import { until } from '../support/start-gateway.ts'

const PERSONAL = ['bob@mail.example', '4111 1111 1111 1111', '138-0013-8000']

/** The judge repeats what it was asked, as a model that does not obey does. */
const config =
  (bodies: string) =>
  (url: string): string =>
    `${provider(url)}
tiers:
  t1: { models: [fake/small] }
  t2: { models: [fake/medium] }
  t3: { models: [fake/large] }
routing:
  classifier: cascade
  local: { ask_below: 1 }
  llm: { model: fake/judge }
logs: { bodies: ${bodies} }
`

const told = async ({ gateway }: Fixture): Promise<any> => {
  const content = `T2 ${PERSONAL.join(', ')}. Who is it?`
  const answer = await chat(gateway, { model: 'auto', messages: [{ role: 'user', content }] })
  return until(async () => {
    const response = await gateway.api(`/logs/${answer.headers.get('x-request-id')}`)
    return response.ok && response.json()
  }, 5_000)
}

const found = ({ gateway }: Fixture): readonly string[] =>
  readdirSync(join(gateway.dataDir, 'logs'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .flatMap((bytes) => PERSONAL.filter((text) => bytes.includes(text)))

describe('what is personal', () => {
  const redacted = withGateway(config('redacted'))
  const none = withGateway(config('none'))
  const full = withGateway(config('full'))

  it('stands in the log where everything is kept', async () => {
    const log = await told(full)
    for (const text of PERSONAL) expect(log.ask).toContain(text)
    expect(log.classifier.answer).toContain(PERSONAL[0])
  })

  it('is masked in the ask and in what the judge said of it, on disk too', async () => {
    const log = await told(redacted)
    expect(log.ask).toBe('T2 [redacted], [redacted], [redacted]. Who is it?')
    expect(log.classifier.answer).toMatch(/\[redacted\].*; local t[123] t1=/)
    expect(PERSONAL.filter((text) => JSON.stringify(log).includes(text))).toEqual([])
    expect(found(redacted)).toEqual([])
  })

  it('is not kept where no bodies are: of the judge only its vote is', async () => {
    const log = await told(none)
    expect(log.ask).toBeNull()
    expect(log.classifier.answer).toMatch(/^(?:t2|no tier); local t[123] t1=\S+ t2=\S+ t3=\S+/)
    expect(found(none)).toEqual([])
  })
})
