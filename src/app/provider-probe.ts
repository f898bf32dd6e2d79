import { loadConfigText } from '../config/load.ts'
import { cataloguePrice } from '../config/price-catalogue.ts'
import { findable, MASK } from '../config/secret-path.ts'
import type { Snapshot, Upstream } from '../config/snapshot.ts'
import type { ModelTest, ProviderModels } from '../contract/api/providers.ts'
import { redact } from '../kit/redact.ts'
import { spellings } from '../kit/spellings.ts'
import type { Dispatcher } from '../transport/transport.ts'
import { listModels } from '../upstream/list-models.ts'
import type { LiveConfig } from './live-config.ts'
import { tryModel } from './try-model.ts'

/** A provider of the configuration by its id, or one that is being set up. */
export interface Account {
  readonly provider?: string | undefined
  readonly base_url?: string | undefined
  readonly api_key?: string | undefined
  readonly profile?: string | undefined
  readonly allow_private?: boolean | undefined
}

export interface ProbeContext {
  readonly config: LiveConfig
  readonly dispatcher: Dispatcher
  readonly env: Readonly<Record<string, string | undefined>>
}

const LIST_MS = 10_000
const TEST_MS = 30_000
const DRAFT = 'draft'
const TEXT_CHARS_MAX = 300
const ERROR_CHARS_MAX = 500
/** USD per million output tokens: below the first T1, below the second T2, above T3. */
const TIER_PRICES = [2, 8] as const

/** The models an account offers, with list prices and the tier that the price suggests. */
export async function probeModels(
  context: ProbeContext,
  account: Account,
): Promise<ProviderModels> {
  const startedAt = performance.now()
  const found = upstreamOf(context, account)
  if ('error' in found) return { ok: false, ms: 0, status: null, error: found.error, items: [] }
  const { upstream } = found
  const signal = AbortSignal.timeout(LIST_MS)
  const { status, error, models } = await listModels(context.dispatcher, upstream, signal)
  return {
    ok: error === null,
    ms: performance.now() - startedAt,
    status,
    error: error === null ? null : withoutKeys(error, upstream).slice(0, ERROR_CHARS_MAX),
    items: models.map(({ id, contextTokens }) => {
      const known = cataloguePrice(upstream.origin, id)
      const price = known === null ? null : { input: known.price.input, output: known.price.output }
      return {
        id: withoutKeys(id, upstream),
        context_tokens: contextTokens ?? known?.contextTokens ?? null,
        price,
        tier: tierOf(id, price?.output ?? null),
      }
    }),
  }
}

/** Asks one model for a word: whether the key works, how fast it is. */
export async function testModel(
  context: ProbeContext,
  account: Account,
  model: string,
): Promise<ModelTest> {
  const found = upstreamOf(context, account)
  if ('error' in found) return { ...NOT_SENT, error: found.error }
  const { upstream, snapshot } = found
  const endpoint = snapshot.endpointOf(upstream, model)
  const { result, text } = await tryModel(context.dispatcher, { snapshot, endpoint }, TEST_MS)
  const error = result.error?.message ?? null
  return {
    ok: result.outcome === 'ok',
    outcome: result.outcome,
    status: result.status,
    connect_ms: result.connectMs,
    first_token_ms: result.firstTokenMs,
    total_ms: result.totalMs,
    text: withoutKeys(text, upstream).slice(0, TEXT_CHARS_MAX),
    error: error === null ? null : withoutKeys(error, upstream).slice(0, ERROR_CHARS_MAX),
  }
}

const NOT_SENT: ModelTest = {
  ok: false,
  outcome: 'client_fault',
  status: null,
  connect_ms: null,
  first_token_ms: null,
  total_ms: 0,
  text: '',
  error: null,
}

type Found =
  | { readonly upstream: Upstream; readonly snapshot: Snapshot }
  | { readonly error: string }

/** The account of the configuration, or the one that is being set up. */
function upstreamOf({ config, env }: ProbeContext, { provider, ...account }: Account): Found {
  const known = config.current.upstreams.get(provider ?? '')
  if (account.base_url === undefined) {
    if (known === undefined) return { error: `no provider "${provider ?? ''}"` }
    return { upstream: known, snapshot: config.current }
  }
  if (account.api_key?.includes(MASK) !== true) return draftOf(account, env)
  // The key that is stored goes to the host that it is stored for.
  if (known === undefined || !isSameHost(account.base_url, known)) return { error: KEY_AGAIN }
  return draftOf({ ...account, api_key: known.apiKeys[0] }, env)
}

/** An account that is being set up goes through the same compiler as one of the file. */
function draftOf(account: Omit<Account, 'provider'>, env: ProbeContext['env']): Found {
  // Variables are for keys; a file could hold anything.
  if (JSON.stringify(account).includes('${file:')) return { error: 'no file is read for a test' }
  const api_key = account.api_key === '' ? undefined : account.api_key
  const document = { providers: { [DRAFT]: { ...account, api_key } } }
  const loaded = loadConfigText(JSON.stringify(document), { configPath: null, language: 'en', env })
  if (!loaded.ok) return { error: loaded.problems.map(({ message }) => message).join('; ') }
  const upstream = loaded.snapshot.upstreams.get(DRAFT)
  return upstream === undefined ? { error: 'no provider' } : { upstream, snapshot: loaded.snapshot }
}

const KEY_AGAIN = 'this is another host: write the key again'

function isSameHost(baseUrl: string, { origin }: Upstream): boolean {
  return URL.parse(baseUrl)?.origin === origin
}

/** A provider may hand back whatever it was sent. */
function withoutKeys(text: string, { apiKeys, headers }: Upstream): string {
  const secrets = findable([...apiKeys, ...Object.values(headers)])
  return redact(text, secrets.flatMap(spellings))
}

function tierOf(id: string, outputPrice: number | null): 't1' | 't2' | 't3' | null {
  if (/embed|whisper|tts|dall-e|image|moderation|rerank|audio|realtime|transcribe/i.test(id))
    return null
  if (outputPrice === null) return null
  if (outputPrice < TIER_PRICES[0]) return 't1'
  return outputPrice < TIER_PRICES[1] ? 't2' : 't3'
}
