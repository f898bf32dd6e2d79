/** A logged request as something that can be run again. Keys are never in it. */

export function asCurl(base: string, request: unknown): string {
  const body = JSON.stringify(request, null, 2).replaceAll("'", "'\\''")
  return `curl ${base}/chat/completions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer $SMARTROUTE_KEY" \\
  -d '${body}'`
}

export function asPython(base: string, request: unknown): string {
  const fields = Object.entries(request as Record<string, unknown>)
    .map(([name, value]) => `    ${name}=${pythonOf(value)},`)
    .join('\n')
  return `import os
from openai import OpenAI

client = OpenAI(base_url="${base}", api_key=os.environ.get("SMARTROUTE_KEY", "none"))
answer = client.chat.completions.create(
${fields}
)
print(answer)`
}

export function asJavaScript(base: string, request: unknown): string {
  return `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${base}', apiKey: process.env.SMARTROUTE_KEY ?? 'none' })
const answer = await client.chat.completions.create(${JSON.stringify(request, null, 2)})
console.log(answer)`
}

/** JSON as Python spells it: strings of JSON are strings of Python too. */
function pythonOf(value: unknown): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(', ')}]`
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}: ${pythonOf(item)}`)
      .join(', ')}}`
  return JSON.stringify(value)
}
