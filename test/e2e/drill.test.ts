import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/start-gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'smartroute-drill-test-'))
const file = join(folder, 'smartroute.yaml')
writeFileSync(
  file,
  `version: 1
providers:
  one: { base_url: "https://api.one.example/v1", api_key: "\${ONE_KEY:-sk-one}" }
  two: { base_url: "https://api.two.example/v1", api_key: sk-two-000000001 }
tiers:
  t1: { models: [one/a, two/b], strategy: random }
  t3: { models: [one/a] }
`,
)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('smartroute drill', () => {
  it("plays faults against the user's own tier, and nothing leaves the machine", async () => {
    const run = await runCli(['drill', 't1', 'sse-cut-40', '--json', '--config', file])
    expect(run.stderr).toBe('')
    const report = JSON.parse(run.stdout) as {
      hidden: number
      wrong: number
      rows: { served: string }[]
    }
    expect(report).toMatchObject({ hidden: 8, wrong: 0 })
    expect(run.code).toBe(0)
  })

  it('prints a table, in Chinese too, and tells an honest error from a wrong answer', async () => {
    const run = await runCli(['drill', 't3', 'tls-self', '--lang', 'zh', '--config', file])
    expect(run.stdout).toContain('one/a')
    expect(run.stdout).toMatch(/! tls-self-signed +stream +\d × +\d+ ms +502 upstream_error/)
    expect(run.stdout).toContain('2 个如实返回错误')
    expect(run.code).toBe(0)
  })

  it('says how to use it', async () => {
    const run = await runCli(['drill', 't1', 'no-such-fault', '--config', file])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('smartroute drill')
  })
})
