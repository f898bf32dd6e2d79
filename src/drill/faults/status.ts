import { type Expected, type Fault, type Play, respond } from '../stage.ts'

type Headers = Readonly<Record<string, string>>

function status(name: string, play: Play, expected: Expected = 'answer'): Fault {
  return { name: `status-${name}`, level: 'status', play, stream: expected, whole: expected }
}

function refusal(code: number, body: object | string, headers: Headers = {}): Play {
  return (stage) =>
    respond(stage, code, typeof body === 'string' ? body : JSON.stringify(body), headers)
}

const said = (message: string, more: object = {}): object => ({
  error: { message, type: 'drill_error', param: null, code: null, ...more },
})

const PLAIN = [
  401, 402, 403, 404, 405, 406, 408, 409, 410, 418, 421, 425, 426, 428, 429, 451, 500, 501, 502,
  503, 504, 505, 507, 508, 520, 521, 522, 523, 524, 525, 529, 530, 599,
]

const FUTURE = (): string => new Date(Date.now() + 5_000).toUTCString()

/** Every spelling of "come back later". */
const WAITS: Readonly<Record<string, () => Headers>> = {
  seconds: () => ({ 'retry-after': '7' }),
  float: () => ({ 'retry-after': '0.2' }),
  date: () => ({ 'retry-after': FUTURE() }),
  'date-past': () => ({ 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }),
  ms: () => ({ 'retry-after-ms': '150' }),
  'azure-ms': () => ({ 'x-ms-retry-after-ms': '120' }),
  negative: () => ({ 'retry-after': '-3' }),
  nan: () => ({ 'retry-after': 'soon' }),
  huge: () => ({ 'retry-after': '1000000000' }),
  reset: () => ({
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '1m30s',
  }),
  epoch: () => ({ 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 30) }),
}

/** What vendors say, in their own words and shapes. */
const VENDORS: Readonly<Record<string, [code: number, body: object, expected?: Expected]>> = {
  'openai-quota': [429, said('You exceeded your current quota', { code: 'insufficient_quota' })],
  'openai-slow-down': [503, said('Slow down', { code: 'slow_down' })],
  'anthropic-overloaded': [
    529,
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  ],
  'anthropic-spend-limit': [
    429,
    {
      type: 'error',
      error: {
        type: 'rate_limit_error',
        message: 'limit',
        details: { error_code: 'enforced_spend_limit_reached' },
      },
    },
  ],
  'azure-filter': [
    400,
    said('The response was filtered', {
      code: 'content_filter',
      innererror: { code: 'ResponsibleAIPolicyViolation' },
    }),
    'final',
  ],
  'azure-deployment': [
    404,
    said('The API deployment does not exist', { code: 'DeploymentNotFound' }),
  ],
  'gemini-exhausted': [
    429,
    [{ error: { code: 429, message: 'Resource exhausted', status: 'RESOURCE_EXHAUSTED' } }],
  ],
  'gemini-key': [
    400,
    [
      {
        error: {
          code: 400,
          message: 'API key not valid',
          status: 'INVALID_ARGUMENT',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
    ],
  ],
  'deepseek-balance': [
    402,
    said('Insufficient Balance', { type: 'unknown_error', code: 'invalid_request_error' }),
  ],
  'qwen-throttling': [429, { code: 'Throttling.RateQuota', message: 'Requests rate limit' }],
  'qwen-arrears': [400, { code: 'Arrearage', message: 'Access denied' }],
  'qwen-inspection': [400, { code: 'DataInspectionFailed', message: 'inappropriate' }, 'final'],
  'glm-balance': [429, { error: { code: '1113', message: '您的账户已欠费' } }],
  'glm-rate': [429, { error: { code: '1302', message: '并发数过高' } }],
  'glm-sensitive': [400, { error: { code: '1301', message: '敏感内容' } }, 'final'],
  'moonshot-overloaded': [429, said('busy', { type: 'engine_overloaded_error' })],
  'moonshot-quota': [429, said('quota', { type: 'exceeded_current_quota_error' })],
  'minimax-balance': [
    200,
    { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
  ],
  'ark-overdue': [403, said('overdue', { code: 'AccountOverdueError', type: 'Forbidden' })],
  'siliconflow-balance': [403, { code: 30001, message: 'balance insufficient', data: null }],
  'siliconflow-busy': [503, { code: 50505, message: 'Model service overloaded', data: null }],
  'openrouter-credits': [402, { error: { code: 402, message: 'Insufficient credits' } }],
  'openrouter-inside-200': [200, { error: { code: 502, message: 'Provider returned error' } }],
  'ollama-missing': [404, { error: 'model "x" not found, try pulling it first' }],
  'vllm-context': [
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 8192 tokens",
      type: 'BadRequestError',
      code: 400,
    },
  ],
  context: [400, said('too long', { code: 'context_length_exceeded' })],
  'too-large': [413, said('Request too large')],
  'bad-request': [400, said('temperature must be below 2', { param: 'temperature' }), 'final'],
  unprocessable: [422, { detail: [{ loc: ['body', 'messages'], msg: 'field required' }] }, 'final'],
  'mentions-429': [500, said('upstream said 429 rate limit, try again')],
}

export const STATUS_FAULTS: readonly Fault[] = [
  ...PLAIN.map((code) => status(String(code), refusal(code, said(`status ${code}`)))),
  ...Object.entries(WAITS).map(([name, headers]) =>
    status(`429-after-${name}`, (stage) => refusal(429, said('slow down'), headers())(stage)),
  ),
  status('429-after-words', refusal(429, said('Please try again in 0.15s.'))),
  status('503-after-seconds', refusal(503, said('busy'), { 'retry-after': '9' })),
  status('503-after-huge', refusal(503, said('busy'), { 'retry-after': '99999999' })),
  ...Object.entries(VENDORS).map(([name, [code, body, expected]]) =>
    status(name, refusal(code, body), expected),
  ),
  ...[301, 302, 303, 307, 308].map((code) =>
    status(
      `${code}-to-metadata`,
      refusal(code, '', { location: 'http://169.254.169.254/latest/meta-data/' }),
    ),
  ),
  status(
    '500-html',
    refusal(500, '<html><h1>Server Error</h1></html>', { 'content-type': 'text/html' }),
  ),
  status(
    '502-html',
    refusal(502, '<html><h1>Bad Gateway</h1></html>', { 'content-type': 'text/html' }),
  ),
  status('500-empty', refusal(500, '')),
  status('500-endless', async (stage) => {
    stage.send('HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n')
    for (let count = 0; count < 200 && !stage.isClosed(); count++) {
      stage.send(`1000\r\n${'x'.repeat(4096)}\r\n`)
      if (count % 20 === 0) await stage.sleep(1)
    }
    stage.close()
  }),
  status('500-then-silence', (stage) =>
    stage.send('HTTP/1.1 500 Oops\r\ncontent-length: 5000\r\n\r\n{"error"'),
  ),
]
