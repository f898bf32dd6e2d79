import type { DemoModel } from './demo-document.ts'

const QUOTE_CHARS = 60

/** What a simulated model says: plainly simulated, in the language of the question. */
export function demoAnswer(question: string, model: DemoModel, asJson: boolean): string {
  if (asJson)
    return JSON.stringify({
      simulated: true,
      model: `demo/${model.id}`,
      question: quoted(question),
    })
  const sentences = /\p{Script=Han}/u.test(question)
    ? chinese(question, model)
    : english(question, model)
  return sentences.slice(0, model.sentences).join(' ')
}

function english(question: string, { id, tier }: DemoModel): string[] {
  return [
    `This is a simulated answer of demo/${id} to "${quoted(question)}".`,
    `The gateway judged the request to be ${tier} and sent it here.`,
    'No provider was called and nothing was paid.',
    'Add a provider key to your environment or to smartroute.yaml to get real answers.',
    'Everything else is real: routing, streaming, failover and the log of this request.',
  ]
}

function chinese(question: string, { id, tier }: DemoModel): string[] {
  return [
    `这是 demo/${id} 对“${quoted(question)}”的模拟回答。`,
    `网关判断该请求属于 ${tier}，并把它发送到这里。`,
    '没有调用任何真实的供应商，也没有产生费用。',
    '在环境变量或 smartroute.yaml 中加入供应商密钥，即可得到真实回答。',
    '其余部分都是真实的：路由、流式传输、故障转移，以及这次请求的日志。',
  ]
}

function quoted(question: string): string {
  const text = question.replace(/\s+/g, ' ').trim()
  return text.length > QUOTE_CHARS ? `${text.slice(0, QUOTE_CHARS)}…` : text
}

/** Four Latin characters or three quarters of a Chinese one to a token: near enough for a demo. */
export function estimateTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  return Math.ceil((text.length - han) / 4 + han * 0.75)
}
