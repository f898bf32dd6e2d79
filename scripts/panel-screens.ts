/**
 * Takes a picture of every page of the panel with a realistic day of data.
 *
 * usage: node scripts/panel-screens.ts OUT_DIR [CHROMIUM]
 * Needs a built panel (npm run build) and Chromium.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'

const [, , out, browserPath = '/usr/bin/chromium'] = process.argv
if (out === undefined) {
  console.error('usage: node scripts/panel-screens.ts OUT_DIR [CHROMIUM]')
  process.exit(2)
}
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const PASSWORD = 'a-password-for-pictures'
const PORT = 6690
const CONFIG = `# SmartRoute configuration of the pictures
version: 1
providers:
  openai: { base_url: "https://api.openai.com/v1", api_key: "\${OPENAI_API_KEY:-sk-none}" }
  deepseek: { base_url: "https://api.deepseek.com", api_key: "\${DEEPSEEK_API_KEY:-sk-none}", profile: deepseek }
  moonshot: { base_url: "https://api.moonshot.cn/v1", api_key: "\${MOONSHOT_API_KEY:-sk-none}" }
  dashscope: { base_url: "https://dashscope.aliyuncs.com/compatible-mode/v1", api_key: "\${DASHSCOPE_API_KEY:-sk-none}" }
default_provider: openai
model_map: { gpt-4: openai }
tiers:
  t1: { models: [deepseek/deepseek-v4-flash, dashscope/qwen-flash] } # cheap and quick
  t2: { models: [{ id: moonshot/kimi-k2.5, weight: 2 }, openai/gpt-5-mini], strategy: adaptive }
  t3: { models: [openai/gpt-5.5, deepseek/deepseek-v4-pro] }
routing:
  rules:
    - { keywords: ["谢谢", "thanks"], whole: true, tier: t1 }
    - { keywords: ["prove", "证明"], tier: t3 }
  classifier: local
  fallback_tier: t2
params:
  global: { temperature: 0.7 }
  models: { kimi-k2.5: { top_p: 0.95 } } # the vendor accepts no other value
gateway:
  key_limits: { batch-job: { requests_per_minute: 600, usd_per_day: 20 } }
`
const PAGES = [
  ['overview', '/'],
  ['requests', '/requests'],
  ['routing', '/routing'],
  ['models', '/models'],
  ['model-table', '/models?tab=models'],
  ['parameters', '/models?tab=params'],
  ['wizard', '/models?add=1'],
  ['keys', '/keys'],
  ['playground', '/playground?m=auto%7Ct3'],
  ['connect', '/connect'],
  ['settings', '/settings'],
  ['file', '/settings?tab=file'],
  ['effective', '/settings?tab=effective'],
  ['history', '/settings?tab=history'],
  ['logging', '/settings?tab=logging'],
  ['security', '/settings?tab=security'],
  ['audit', '/settings?tab=audit'],
] as const

const folder = mkdtempSync(join(tmpdir(), 'smartroute-screens-'))
const dataDir = join(folder, 'data')
const config = join(folder, 'smartroute.yaml')
writeFileSync(config, CONFIG)
spawnSync(process.execPath, [at('./seed-demo-day.ts'), dataDir], { stdio: 'inherit' })
for (const name of ['web-app', '客服机器人', 'batch-job', 'mobile']) {
  spawnSync(process.execPath, [at('../src/main.ts'), 'keys', 'create', name, '--data-dir', dataDir])
}
const gateway = spawn(
  process.execPath,
  [at('../src/main.ts'), '--config', config, '--data-dir', dataDir, '--port', String(PORT)],
  { env: { ...process.env, HOME: folder, SMARTROUTE_ADMIN_PASSWORD: PASSWORD }, stdio: 'ignore' },
)
const base = `http://127.0.0.1:${PORT}`
for (let tries = 0; tries < 50; tries++) {
  if (
    await fetch(`${base}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
  )
    break
  await new Promise((done) => setTimeout(done, 200))
}
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
try {
  mkdirSync(out, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    for (const [size, width, height] of [
      ['wide', 1440, 900],
      ['phone', 360, 780],
    ] as const) {
      const language = theme === 'dark' ? 'zh' : 'en'
      const context = await browser.newContext({
        viewport: { width, height },
        deviceScaleFactor: size === 'phone' ? 2 : 1,
      })
      await context.addInitScript(
        `localStorage.setItem('smartroute-theme', '${theme}'); localStorage.setItem('smartroute-language', '${language}')`,
      )
      const page = await context.newPage()
      page.on('pageerror', (error) => console.error(`${size} ${theme}: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') console.error(`${size} ${theme}: ${message.text()}`)
      })
      await signIn(page)
      for (const [name, path] of PAGES) await shoot(page, name, path, `${size}-${theme}`)
      const first = await page.request.get(
        `${base}/api/v1/logs?failover=true&status=ok&tier=t2&limit=1`,
      )
      const { items } = (await first.json()) as { items: { id: string }[] }
      for (const tab of ['story', 'conversation', 'changes']) {
        await shoot(
          page,
          `request-${tab}`,
          `/requests/${items[0]?.id ?? ''}?tab=${tab}`,
          `${size}-${theme}`,
        )
      }
      await context.close()
    }
  }
} finally {
  await browser.close()
  gateway.kill()
}

async function signIn(page: Page): Promise<void> {
  await page.goto(base)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.locator('button[type=submit]').click()
  await page.locator('main#content').waitFor()
}

async function shoot(page: Page, name: string, path: string, kind: string): Promise<void> {
  await page.goto(base + path)
  await page.waitForTimeout(900)
  await page.screenshot({ path: join(out ?? '.', `${name}-${kind}.png`) })
}
