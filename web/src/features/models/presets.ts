/** Providers that the wizard knows: where they are, and which variable their key is usually in. */
export interface Preset {
  readonly id: string
  readonly name: readonly [en: string, zh: string]
  readonly baseUrl: string
  readonly variable: string
  readonly profile?: string
  readonly allowPrivate?: true
  readonly keyUrl?: string
}

export const PRESETS: readonly Preset[] = [
  {
    id: 'openai',
    name: ['OpenAI', 'OpenAI'],
    baseUrl: 'https://api.openai.com/v1',
    variable: 'OPENAI_API_KEY',
    keyUrl: 'https://platform.openai.com/api-keys',
  },
  {
    id: 'anthropic',
    name: ['Anthropic', 'Anthropic'],
    baseUrl: 'https://api.anthropic.com/v1',
    variable: 'ANTHROPIC_API_KEY',
    keyUrl: 'https://console.anthropic.com/settings/keys',
  },
  {
    id: 'deepseek',
    name: ['DeepSeek', '深度求索 DeepSeek'],
    baseUrl: 'https://api.deepseek.com',
    variable: 'DEEPSEEK_API_KEY',
    profile: 'deepseek',
    keyUrl: 'https://platform.deepseek.com/api_keys',
  },
  {
    id: 'moonshot',
    name: ['Moonshot (Kimi)', '月之暗面 Kimi'],
    baseUrl: 'https://api.moonshot.cn/v1',
    variable: 'MOONSHOT_API_KEY',
    keyUrl: 'https://platform.moonshot.cn/console/api-keys',
  },
  {
    id: 'dashscope',
    name: ['Alibaba DashScope (Qwen)', '阿里云百炼 通义千问'],
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    variable: 'DASHSCOPE_API_KEY',
    keyUrl: 'https://bailian.console.aliyun.com/',
  },
  {
    id: 'zhipu',
    name: ['Zhipu (GLM)', '智谱 GLM'],
    baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
    variable: 'ZHIPUAI_API_KEY',
    keyUrl: 'https://open.bigmodel.cn/usercenter/apikeys',
  },
  {
    id: 'gemini',
    name: ['Google Gemini', 'Google Gemini'],
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    variable: 'GEMINI_API_KEY',
    keyUrl: 'https://aistudio.google.com/apikey',
  },
  {
    id: 'openrouter',
    name: ['OpenRouter', 'OpenRouter'],
    baseUrl: 'https://openrouter.ai/api/v1',
    variable: 'OPENROUTER_API_KEY',
    keyUrl: 'https://openrouter.ai/keys',
  },
  {
    id: 'siliconflow',
    name: ['SiliconFlow', '硅基流动'],
    baseUrl: 'https://api.siliconflow.cn/v1',
    variable: 'SILICONFLOW_API_KEY',
  },
  {
    id: 'volcengine',
    name: ['Volcengine Ark (Doubao)', '火山方舟 豆包'],
    baseUrl: 'https://ark.cn-beijing.volces.com/api/v3',
    variable: 'ARK_API_KEY',
  },
  {
    id: 'ollama',
    name: ['Ollama on this machine', '本机 Ollama'],
    baseUrl: 'http://127.0.0.1:11434/v1',
    variable: '',
    allowPrivate: true,
  },
  {
    id: 'custom',
    name: ['Another one (OpenAI-compatible)', '其他（OpenAI 兼容）'],
    baseUrl: '',
    variable: '',
  },
]
