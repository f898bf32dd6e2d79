import type { Message } from '../message.ts'

/** What `eval` and `replay` say. */
export const evalMessages = {
  usage: {
    en: 'Usage: smartroute eval FILE.jsonl — one {"prompt" or "messages", "tier"} per line',
    zh: '用法：smartroute eval FILE.jsonl，每行一个 {"prompt" 或 "messages", "tier"}',
  },
  cannotRead: { en: 'cannot read {path}', zh: '无法读取 {path}' },
  invalid: {
    en: '{path}, line {line}: expected {"prompt" or "messages", "tier": "T1" to "T3"}',
    zh: '{path} 第 {line} 行：应为 {"prompt" 或 "messages", "tier": "T1" 到 "T3"}',
  },
} as const satisfies Record<string, Message>
