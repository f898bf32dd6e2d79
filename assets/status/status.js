const TEXTS = {
  en: {
    signinTitle: 'Sign in',
    signinHelp:
      'Open the address with the one-time token that the gateway printed when it started, or paste the token.',
    token: 'Setup token',
    signin: 'Sign in',
    wrong: 'This token is wrong, used or expired. Restart the gateway for a new one.',
    tiers: 'By tier (24 h)',
    models: 'By model (24 h)',
    latest: 'Latest requests',
    empty: 'No request yet. Paste the command below into a terminal.',
    tryIt: 'Try it',
    running: 'running',
    offline: 'The gateway does not answer.',
    cards: ['Requests (24 h)', 'Per second', 'Errors', 'p50', 'p95', 'Saved'],
    columns: [
      'Time',
      'Tier',
      'Reason',
      'Model',
      'Status',
      'Attempts',
      'First token',
      'Total',
      'Tokens',
    ],
    other: '中文',
  },
  zh: {
    signinTitle: '登录',
    signinHelp: '请打开网关启动时显示的带一次性令牌的地址，或在此粘贴令牌。',
    token: '设置令牌',
    signin: '登录',
    wrong: '令牌错误、已使用或已过期。重启网关可获得新的令牌。',
    tiers: '按层级（24 小时）',
    models: '按模型（24 小时）',
    latest: '最近的请求',
    empty: '还没有请求。把下面的命令粘贴到终端试试。',
    tryIt: '试一试',
    running: '运行中',
    offline: '网关没有响应。',
    cards: ['请求数（24 小时）', '每秒请求', '错误率', 'p50', 'p95', '节省'],
    columns: ['时间', '层级', '原因', '模型', '状态', '尝试', '首字', '总时长', 'Token'],
    other: 'English',
  },
}
const ROWS_MAX = 20

const byId = (id) => document.getElementById(id)
let language =
  localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
let stats = null
let rows = []
/** 'running' or 'offline', once known. */
let state = null

const ms = (value) =>
  value === null
    ? '–'
    : value >= 1000
      ? `${(value / 1000).toFixed(2)} s`
      : `${Math.round(value)} ms`

/** Text only: names of models and errors come from outside. */
function element(tag, text, className = '') {
  const node = document.createElement(tag)
  node.textContent = text
  if (className) node.className = className
  return node
}

function render() {
  const text = TEXTS[language]
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  for (const node of document.querySelectorAll('[data-text]'))
    node.textContent = text[node.dataset.text]
  byId('language').textContent = text.other
  byId('state').textContent = state === null ? '' : text[state]
  byId('curl').textContent = `curl ${location.origin}/v1/chat/completions \\
  -H "Content-Type: application/json" \\
  -d '{"model":"auto","messages":[{"role":"user","content":"${language === 'zh' ? '你好' : 'Hello'}"}]}'`
  if (stats !== null) renderStats(text)
  byId('columns').replaceChildren(...text.columns.map((name) => element('th', name)))
  byId('rows').replaceChildren(...rows.slice(0, ROWS_MAX).map(row))
  byId('empty').hidden = rows.length > 0
}

function renderStats(text) {
  const values = [
    stats.requests,
    stats.qps.toFixed(2),
    `${(stats.error_rate * 100).toFixed(1)} %`,
    ms(stats.latency_ms.p50),
    ms(stats.latency_ms.p95),
    `$${stats.saved_usd.toFixed(4)}`,
  ]
  byId('cards').replaceChildren(
    ...values.map((value, index) => {
      const card = document.createElement('li')
      card.append(element('span', text.cards[index]), element('strong', String(value)))
      return card
    }),
  )
  byId('tiers').replaceChildren(...bars(stats.by_tier))
  byId('models').replaceChildren(...bars(stats.by_model))
}

function bars(slices) {
  const entries = Object.entries(slices).sort(([, a], [, b]) => b.requests - a.requests)
  const most = Math.max(1, ...entries.map(([, slice]) => slice.requests))
  return entries.map(([name, slice]) => {
    const bar = element('div', '', 'bar')
    const progress = element('progress', '', name)
    progress.max = most
    progress.value = slice.requests
    progress.setAttribute('aria-label', name)
    bar.append(element('span', name), progress, element('span', String(slice.requests)))
    return bar
  })
}

function row(item) {
  const line = document.createElement('tr')
  const cells = [
    new Date(item.at).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB'),
    item.tier ?? '–',
    item.reason ?? '–',
    item.model ?? item.asked ?? '–',
    item.error === null ? item.status : `${item.status} ${item.error.code}`,
    item.attempts.length,
    ms(item.first_token_ms),
    ms(item.total_ms),
    item.usage?.total_tokens ?? '–',
  ]
  line.append(...cells.map((cell) => element('td', String(cell), item.error === null ? '' : 'bad')))
  return line
}

async function exchange(token) {
  const response = await fetch('/api/v1/setup', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  return response.ok
}

async function load(path) {
  const response = await fetch(`/api/v1${path}`)
  if (response.status === 401) return null
  if (!response.ok) throw new Error(String(response.status))
  return response.json()
}

function show(next) {
  state = next
  byId('state').textContent = TEXTS[language][next]
}

async function refresh() {
  stats = (await load('/stats?range=24h')) ?? stats
  render()
}

async function start() {
  const token = /^#setup=(.+)$/.exec(location.hash)?.[1]
  if (token !== undefined) {
    history.replaceState(null, '', '/')
    await exchange(decodeURIComponent(token))
  }
  const page = await load('/logs?limit=20')
  byId('signin').hidden = page !== null
  byId('overview').hidden = page === null
  if (page === null) return render()
  rows = page.items
  state = 'running'
  await refresh()
  const live = new EventSource('/api/v1/live')
  live.addEventListener('exchange', (event) => {
    rows = [JSON.parse(event.data), ...rows].slice(0, ROWS_MAX)
    render()
  })
  live.addEventListener('counters', (event) => {
    stats.qps = JSON.parse(event.data).qps
    show('running')
  })
  live.addEventListener('error', () => show('offline'))
  setInterval(() => refresh().catch(() => {}), 5000)
}

byId('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh' : 'en'
  localStorage.setItem('language', language)
  render()
})
async function signIn() {
  if (await exchange(byId('token').value.trim())) location.reload()
  else byId('problem').textContent = TEXTS[language].wrong
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault()
  void signIn()
})
start().catch(() => {
  state = 'offline'
  render()
})
