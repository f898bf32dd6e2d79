import type { Message } from '../message.ts'

/** What `smartroute drill` says. */
export const drillMessages = {
  usage: {
    en: 'Usage: smartroute drill [t1|t2|t3] [FAULT…] — FAULT is the beginning of a name: tcp, http, status, json, sse, sse-cut … A tier with at least one model is needed.',
    zh: '用法：smartroute drill [t1|t2|t3] [故障名开头] —— 例如 tcp、http、status、json、sse、sse-cut …；至少需要一个层级中有模型。',
  },
  start: {
    en: 'Tier {tier} ({models}) on a simulated provider on this machine: nothing leaves it, nothing is billed.\nThe first model gets each of {faults} faults, streamed and not; silence is shortened to half a second.',
    zh: '层级 {tier}（{models}）在本机的模拟供应商上演练：不会发出任何外部请求，也不产生费用。\n第一个模型依次出现 {faults} 种故障（流式与非流式）；无响应类故障缩短为半秒。',
  },
  summary: {
    en: '{hidden} hidden from the client, {told} told honestly as an error, {wrong} wrong (a hang, or a broken answer that looks complete).',
    zh: '{hidden} 个对客户端完全无感，{told} 个如实返回错误，{wrong} 个不正确（卡死，或把残缺的回答当成完整的）。',
  },
} satisfies Record<string, Message>
