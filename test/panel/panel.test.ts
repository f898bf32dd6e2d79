import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserPath, launchBrowser } from '../support/browser.ts'
import { chat } from '../support/chat.ts'
import { provider, withGateway } from '../support/fixture.ts'
import { setupToken } from '../support/page-call.ts'
import { until } from '../support/start-gateway.ts'

if (browserPath === null) console.log('no Chromium here: the tests of the panel are skipped')

const PASSWORD = 'an-uncommon-password-7'
const HOSTILE =
  '<img src=x onerror="window.owned=1"><script>window.owned=1</script> "quoted" & 退款'
const PAGES = [
  '/',
  '/requests',
  '/routing',
  '/models',
  '/models?tab=models',
  '/models?tab=params',
  '/models?tab=map',
  '/models?add=1',
  '/keys',
  '/playground',
  '/connect',
  '/settings',
  '/settings?tab=file',
  '/settings?tab=effective',
  '/settings?tab=history',
  '/settings?tab=logging',
  '/settings?tab=security',
  '/settings?tab=audit',
  '/settings?tab=about',
]

const fixture = withGateway(
  (url) => `${provider(url)}
# kept: a comment of the operator
tiers:
  t1: { models: [fake/ok, spare/ok] }
  t2: { models: [fake/ok] }
  t3: { models: [fake/ok] }
routing: { classifier: none, fallback_tier: t2 }
`,
)

describe.skipIf(browserPath === null)('the panel', () => {
  let browser: Browser
  let context: BrowserContext
  let page: Page
  const violations: string[] = []
  const url = (path: string): string => fixture.gateway.url + path
  const file = (): string => readFileSync(join(fixture.gateway.folder, 'smartroute.yaml'), 'utf8')
  const apply = async (note: string): Promise<void> => {
    await page.getByRole('button', { name: 'Review and apply' }).click()
    await page.getByLabel('Why (goes into the history)').fill(note)
    await page.getByRole('button', { name: 'Apply now' }).click()
    await page.getByText('Applied. New requests use it from now on.').waitFor()
  }

  beforeAll(async () => {
    browser = await launchBrowser()
    context = await browser.newContext({ viewport: { width: 1360, height: 900 } })
    await context.exposeFunction('reportViolation', (text: string) => violations.push(text))
    await context.addInitScript({
      content: `localStorage.setItem('smartroute-language', 'en')
        document.addEventListener('securitypolicyviolation', (event) =>
          window.reportViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`,
    })
    page = await context.newPage()
    page.on('pageerror', (error) => violations.push(`page error: ${error.message}`))
  })
  afterAll(async () => {
    await browser?.close()
  })

  it('opens with the setup token, sets a password and signs in', async () => {
    await page.goto(url(`/#setup=${setupToken(fixture.gateway)}`))
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password and open the panel' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Password').fill('not-the-password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Wrong password or code.').waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
  })

  it('adds a provider: key, models, tier, review, apply', async () => {
    await page.goto(url('/models?add=1'))
    await page.getByRole('combobox', { name: 'Provider' }).selectOption('custom')
    await page.getByLabel('Name in the configuration').fill('added')
    await page.getByLabel('Address').fill(fixture.upstream.baseUrl)
    await page.getByLabel('API key').fill('sk-added-secret-00000004')
    await page.getByRole('switch', { name: 'May be on this machine' }).click()
    await page.getByRole('button', { name: 'Fetch its models' }).click()
    await page.getByRole('checkbox', { name: 'Use ok' }).check()
    await page.getByRole('button', { name: 'Test ok' }).click()
    await page.getByText(/answered in/).waitFor()
    await page.getByRole('button', { name: /Put 1 model into/ }).click()
    expect(file()).not.toContain('added')
    await apply('another account')
    expect(file()).toContain('sk-added-secret-00000004')
    expect(file()).toContain('# kept: a comment of the operator')
    expect(await page.content()).not.toContain('sk-added-secret-00000004')
  })

  it('shows a request as it ends, finds it by its words, and tells its story', async () => {
    await page.goto(url('/requests'))
    await page.getByRole('heading', { name: 'Requests' }).waitFor()
    await page.getByText('Live', { exact: true }).first().waitFor()
    await page.mouse.move(5, 5)
    const messages = [{ role: 'user', content: HOSTILE }]
    await chat(fixture.gateway, { model: 't1', stream: true, messages })
    await page.getByRole('row').nth(1).waitFor()
    await page.getByRole('searchbox').fill('退款')
    await page.waitForURL(/q=/)
    await page.getByRole('row').nth(1).click()
    await page.getByText('Attempt 1').waitFor()
    await page.getByText('answered', { exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Conversation' }).click()
    await page.getByText(HOSTILE).first().waitFor()
    await page.getByRole('tab', { name: 'Raw' }).click()
    await page.getByText('What the client sent').waitFor()
    await page.getByRole('tab', { name: 'Headers' }).click()
    await page.getByText('x-smartroute-tier').waitFor()
    expect(await page.evaluate('typeof window.owned')).toBe('undefined')
  })

  it('keeps what somebody says about the tier', async () => {
    await page.getByRole('button', { name: 'Wrong tier?' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'T3 deep' }).click()
    await page.getByRole('button', { name: 'Should have been T3' }).waitFor()
  })

  it('changes a tier by keyboard, and the next request obeys', async () => {
    const served = async (): Promise<string | null> =>
      (await chat(fixture.gateway, { model: 't1' })).headers.get('x-smartroute-model')
    expect(await served()).toBe('fake/ok')
    await page.goto(url('/routing'))
    await page.getByRole('button', { name: 'Actions for spare/ok' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Move up' }).waitFor()
    await page.keyboard.press('Enter')
    await apply('the spare one first')
    expect(await served()).toBe('spare/ok')
  })

  it('tries a text and past requests against the draft', async () => {
    await page.goto(url('/routing'))
    await page.getByRole('button', { name: 'Add a rule' }).click()
    const words = page.getByLabel('Words, separated by commas')
    await words.fill('irrational')
    await words.blur()
    await page.getByLabel('A question as somebody would ask it').fill('is sqrt 2 irrational')
    await page.getByRole('button', { name: 'Decide' }).click()
    await page.getByText('irrational', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText(/requests, .* change their tier|Nothing could be routed/).waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    await page.getByText('No rule. The classifier decides alone.').waitFor()
  })

  it('refuses a broken file with the place of the mistake', async () => {
    const before = file()
    await page.goto(url('/settings?tab=file'))
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type('\nretrry: 5\n')
    await page
      .getByText(/mistake/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Review and apply' }).click()
    await page.getByRole('dialog').getByText('retrry').first().waitFor()
    expect(await page.getByRole('button', { name: 'Apply now' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    expect(file()).toBe(before)
  })

  it('shows both versions where the file changed meanwhile', async () => {
    await page.goto(url('/settings'))
    await page.getByLabel('Open streams may end within (ms)').fill('12000')
    await fixture.gateway.configure(`${file()}# changed by hand\n`)
    await new Promise((done) => setTimeout(done, 700))
    await page.getByRole('button', { name: 'Review and apply' }).click()
    await page.getByRole('button', { name: 'Apply now' }).click()
    await page.getByText('The file has changed meanwhile').waitFor()
    await page.getByRole('button', { name: 'Drop mine, keep the file' }).click()
  })

  it('rolls back', async () => {
    await page.goto(url('/settings?tab=history'))
    const row = page.getByRole('row').filter({ hasText: 'another account' })
    await row.getByRole('button', { name: 'Compare with now' }).click()
    await page.getByRole('dialog').locator('.cm-content').waitFor()
    await page.keyboard.press('Escape')
    await row.getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('Rolled back.').waitFor()
    const answer = await chat(fixture.gateway, { model: 't1' })
    expect(answer.headers.get('x-smartroute-model')).toBe('fake/ok')
  })

  it('chats through the gateway and shows who answered', async () => {
    await page.goto(url('/playground?m=t1|t2'))
    await page.getByLabel(/Your question/).fill('hello there')
    await page.keyboard.press('Control+Enter')
    const first = page.getByRole('region', { name: 'Column 1' })
    await first.locator('code').getByText('fake/ok').waitFor()
    await first.getByRole('link', { name: 'Story' }).waitFor()
  })

  it('makes a key that works, and ends it', async () => {
    await page.goto(url('/keys'))
    await page.getByRole('button', { name: 'New key' }).first().click()
    await page.getByLabel('Name').fill('from-panel')
    await page.getByRole('button', { name: 'Create' }).click()
    const key = (await page.getByTestId('new-key').textContent()) ?? ''
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    const status = async (): Promise<number> =>
      (await fetch(url('/v1/models'), { headers: { authorization: `Bearer ${key}` } })).status
    expect(await status()).toBe(200)
    await page.goto(url('/connect'))
    await page.getByText('Waiting for the first request').waitFor()
    await fetch(url('/v1/chat/completions'), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'user-agent': 'my-tool/1.0' },
      body: JSON.stringify({ model: 't1', messages: [{ role: 'user', content: 'hi' }] }),
    })
    await page.getByText('Received from my-tool/1.0').waitFor()
    // The last key opens the gateway again, so another one stays.
    await fixture.gateway.api('/keys', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'stays' }),
    })
    await page.goto(url('/keys'))
    await page.getByRole('button', { name: 'Actions for from-panel' }).click()
    await page.getByRole('menuitem', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await until(async () => (await status()) !== 200)
  })

  it.each(['light', 'dark'] as const)(
    'has no serious accessibility finding on any page, %s',
    { timeout: 120_000 },
    async (theme) => {
      for (const language of ['en', 'zh']) {
        await context.addInitScript({
          content: `localStorage.setItem('smartroute-theme', '${theme}')
            localStorage.setItem('smartroute-language', '${language}')`,
        })
        for (const path of PAGES) expect(await findings(path)).toEqual([])
      }
    },
  )

  /** Serious findings of axe on one page. */
  async function findings(path: string): Promise<string[]> {
    await page.goto(url(path))
    await page.locator('h1, [role=dialog] h2').first().waitFor()
    await until(async () => (await page.locator('.animate-pulse').count()) === 0)
    const { violations: found } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${path}: ${id}: ${nodes[0]?.html.slice(0, 200) ?? ''} ${nodes[0]?.failureSummary?.slice(0, 200) ?? ''}`,
      )
  }

  it('fits a phone: no page scrolls sideways', { timeout: 60_000 }, async () => {
    await page.setViewportSize({ width: 360, height: 780 })
    for (const path of PAGES) {
      await page.goto(url(path))
      await page.locator('h1, [role=dialog] h2').first().waitFor()
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect(`${path} ${String(width)}`).toBe(`${path} 360`)
    }
  })

  it('was never stopped by its own content policy', () => {
    expect(violations).toEqual([])
  })
})
