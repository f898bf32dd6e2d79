export type Shell = 'unix' | 'windows'

interface Values {
  /** `http://127.0.0.1:6688`, without `/v1`. */
  readonly origin: string
  readonly key: string
  readonly model: string
  readonly shell: Shell
}

type Note = 'noteChat' | 'noteCursor' | 'noteResponses' | 'noteMessages' | 'noteBrowser'

export interface Recipe {
  readonly id: string
  readonly name: string
  readonly note: Note
  /** A file, or a place in the tool's settings; empty: a terminal. */
  readonly where: string
  readonly snippet: (values: Values) => string
}

/** How to set a variable of the environment in the shell of a system. */
function variables(shell: Shell, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) =>
      shell === 'windows' ? `$env:${name} = "${value}"` : `export ${name}="${value}"`,
    )
    .join('\n')
}

export const RECIPES: readonly [Recipe, ...Recipe[]] = [
  {
    id: 'curl',
    name: 'curl',
    note: 'noteChat',
    where: '',
    snippet: ({ origin, key, model, shell }) => {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] })
      return shell === 'windows'
        ? `curl.exe ${origin}/v1/chat/completions -H "Content-Type: application/json" -H "Authorization: Bearer ${key}" -d '${body.replaceAll('"', '\\"')}'`
        : `curl ${origin}/v1/chat/completions \\\n  -H "Content-Type: application/json" \\\n  -H "Authorization: Bearer ${key}" \\\n  -d '${body}'`
    },
  },
  {
    id: 'openai-python',
    name: 'OpenAI Python',
    note: 'noteChat',
    where: 'pip install openai',
    snippet: ({ origin, key, model }) => `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`,
  },
  {
    id: 'openai-js',
    name: 'OpenAI JavaScript',
    note: 'noteChat',
    where: 'npm install openai',
    snippet: ({ origin, key, model }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${origin}/v1', apiKey: '${key}' })
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(answer.choices[0].message.content)`,
  },
  {
    id: 'vercel-ai',
    name: 'Vercel AI SDK',
    note: 'noteChat',
    where: 'npm install ai @ai-sdk/openai-compatible',
    snippet: ({
      origin,
      key,
      model,
    }) => `import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'

const smartroute = createOpenAICompatible({
  name: 'smartroute',
  baseURL: '${origin}/v1',
  apiKey: '${key}',
})
const { text } = await generateText({ model: smartroute('${model}'), prompt: 'Hello' })`,
  },
  {
    id: 'langchain',
    name: 'LangChain',
    note: 'noteChat',
    where: 'pip install langchain-openai',
    snippet: ({ origin, key, model }) => `from langchain_openai import ChatOpenAI

llm = ChatOpenAI(base_url="${origin}/v1", api_key="${key}", model="${model}")
print(llm.invoke("Hello").content)`,
  },
  {
    id: 'cline',
    name: 'Cline · Roo Code · Kilo Code',
    note: 'noteChat',
    where: 'Settings → API Provider → OpenAI Compatible',
    snippet: ({ origin, key, model }) =>
      `Base URL   ${origin}/v1\nAPI Key    ${key}\nModel ID   ${model}`,
  },
  {
    id: 'continue',
    name: 'Continue',
    note: 'noteChat',
    where: '~/.continue/config.yaml',
    snippet: ({ origin, key, model }) => `models:
  - name: SmartRoute
    provider: openai
    model: ${model}
    apiBase: ${origin}/v1
    apiKey: ${key}`,
  },
  {
    id: 'opencode',
    name: 'OpenCode',
    note: 'noteChat',
    where: 'opencode.json',
    snippet: ({ origin, key, model }) =>
      JSON.stringify(
        {
          provider: {
            smartroute: {
              npm: '@ai-sdk/openai-compatible',
              options: { baseURL: `${origin}/v1`, apiKey: key },
              models: { [model]: {} },
            },
          },
        },
        null,
        2,
      ),
  },
  {
    id: 'aider',
    name: 'Aider',
    note: 'noteChat',
    where: '',
    snippet: ({ origin, key, model, shell }) =>
      `${variables(shell, { OPENAI_API_BASE: `${origin}/v1`, OPENAI_API_KEY: key })}\naider --model openai/${model}`,
  },
  {
    id: 'cursor',
    name: 'Cursor',
    note: 'noteCursor',
    where: 'Settings → Models → Override OpenAI Base URL',
    snippet: ({ key, model }) =>
      `Base URL   https://your-public-name/v1\nAPI Key    ${key}\nModel      ${model}`,
  },
  {
    id: 'open-webui',
    name: 'Open WebUI',
    note: 'noteBrowser',
    where: 'Admin Panel → Settings → Connections → OpenAI API',
    snippet: ({ origin, key }) => `URL   ${origin}/v1\nKey   ${key}`,
  },
  {
    id: 'lobechat',
    name: 'LobeChat · NextChat',
    note: 'noteBrowser',
    where: 'docker run -e …',
    snippet: ({ origin, key, model }) =>
      `OPENAI_PROXY_URL=${origin}/v1\nOPENAI_API_KEY=${key}\nOPENAI_MODEL_LIST=+${model}`,
  },
  {
    id: 'cherry-studio',
    name: 'Cherry Studio · Chatbox',
    note: 'noteChat',
    where: 'Settings → Model Provider → Add → OpenAI',
    snippet: ({ origin, key, model }) =>
      `API Host   ${origin}\nAPI Key    ${key}\nModel      ${model}`,
  },
  {
    id: 'dify',
    name: 'Dify · FastGPT',
    note: 'noteChat',
    where: 'Model Provider → OpenAI-API-compatible',
    snippet: ({ origin, key, model }) =>
      `Model Name     ${model}\nAPI Key        ${key}\nEndpoint URL   ${origin}/v1`,
  },
  {
    id: 'claude-code',
    name: 'Claude Code',
    note: 'noteMessages',
    where: '',
    snippet: ({ origin, key, shell }) =>
      `${variables(shell, {
        ANTHROPIC_BASE_URL: origin,
        ANTHROPIC_AUTH_TOKEN: key,
        ANTHROPIC_DEFAULT_OPUS_MODEL: 't3',
        ANTHROPIC_DEFAULT_SONNET_MODEL: 't2',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: 't1',
      })}\nclaude`,
  },
  {
    id: 'codex',
    name: 'Codex',
    note: 'noteResponses',
    where: '~/.codex/config.toml',
    snippet: ({ origin, model }) => `model = "${model}"
model_provider = "smartroute"

[model_providers.smartroute]
name = "SmartRoute"
base_url = "${origin}/v1"
env_key = "SMARTROUTE_KEY"
wire_api = "responses"`,
  },
]
