/** Providers that are recognised by a key in the environment, with a model for each tier. */
const KNOWN_PROVIDERS = [
  known('openai', 'OPENAI_API_KEY', 'https://api.openai.com/v1', [
    'gpt-5-nano',
    'gpt-5-mini',
    'gpt-5.5',
  ]),
  known('anthropic', 'ANTHROPIC_API_KEY', 'https://api.anthropic.com/v1', [
    'claude-haiku-4-5',
    'claude-sonnet-4-5',
    'claude-opus-5',
  ]),
  known('deepseek', 'DEEPSEEK_API_KEY', 'https://api.deepseek.com', [
    'deepseek-v4-flash',
    'deepseek-v4-flash',
    'deepseek-v4-pro',
  ]),
  known('moonshot', 'MOONSHOT_API_KEY', 'https://api.moonshot.cn/v1', [
    'kimi-k2.5',
    'kimi-k2.5',
    'kimi-k3',
  ]),
  known('dashscope', 'DASHSCOPE_API_KEY', 'https://dashscope.aliyuncs.com/compatible-mode/v1', [
    'qwen-flash',
    'qwen-plus',
    'qwen-max',
  ]),
  known('zhipu', 'ZHIPUAI_API_KEY', 'https://open.bigmodel.cn/api/paas/v4', [
    'glm-4.5-flash',
    'glm-4.6',
    'glm-5.2',
  ]),
  known('gemini', 'GEMINI_API_KEY', 'https://generativelanguage.googleapis.com/v1beta/openai', [
    'gemini-2.5-flash-lite',
    'gemini-2.5-flash',
    'gemini-2.5-pro',
  ]),
  known('openrouter', 'OPENROUTER_API_KEY', 'https://openrouter.ai/api/v1', [
    'openai/gpt-5-nano',
    'openai/gpt-5-mini',
    'openai/gpt-5.5',
  ]),
] as const

export interface KnownProvider {
  readonly id: string
  readonly variable: string
  readonly baseUrl: string
  readonly models: readonly [t1: string, t2: string, t3: string]
}

function known(
  id: string,
  variable: string,
  baseUrl: string,
  models: KnownProvider['models'],
): KnownProvider {
  return { id, variable, baseUrl, models }
}

export function providersInEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): readonly KnownProvider[] {
  return KNOWN_PROVIDERS.filter(({ variable }) => (env[variable] ?? '') !== '')
}

/** A first smartroute.yaml. Keys stay in the environment; the file only names their variables. */
export function starterDocument(providers: readonly KnownProvider[]): string {
  const first = providers[0]
  const tier = (index: 0 | 1 | 2): string =>
    `[${providers.map(({ id, models }) => `${id}/${models[index]}`).join(', ')}]`
  const accounts = providers.map(
    ({ id, variable, baseUrl }) =>
      `  ${id}: { base_url: "${baseUrl}", api_key: "\${${variable}}" }`,
  )
  return `# SmartRoute configuration. Saved changes apply at once. \`smartroute check\` finds mistakes.
# SmartRoute 配置。保存后立即生效。可用 \`smartroute check\` 检查错误。
version: 1

# Who may use the gateway. No key: open, and only on this machine.
# 允许访问网关的密钥。没有密钥时仅限本机访问。
gateway:
  api_keys: ["\${GATEWAY_KEY:-}"]

# Provider accounts. 供应商账号。
providers:
${accounts.join('\n')}
default_provider: ${first?.id ?? ''}

# Models of each tier, tried in this order: t1 simple, t2 routine work, t3 deep reasoning.
# Check the names against what your account offers.
# 各层级的模型，按顺序尝试：t1 简单、t2 日常、t3 深度推理。请按账号实际可用的模型修改。
tiers:
  t1: { models: ${tier(0)} }
  t2: { models: ${tier(1)} }
  t3: { models: ${tier(2)} }

# How the tier is chosen: rules, then the model that ships with the gateway, and a language model where that one is unsure.
# 如何选择层级：先看规则，再由网关自带的模型判断，拿不准时才询问大模型。
routing:
  rules:
    - { keywords: ["hi", "hello", "thanks", "你好", "谢谢"], whole: true, tier: t1 }
  classifier: cascade
  fallback_tier: t2
  llm: { model: ${first === undefined ? '' : `${first.id}/${first.models[0]}`}, timeout_ms: 5000 }
`
}
