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
  replayUsage: {
    en: 'Usage: smartroute replay [COUNT] [--config FILE] [--data-dir DIR], COUNT from 1 to {most}',
    zh: '用法：smartroute replay [数量] [--config FILE] [--data-dir DIR]，数量为 1 到 {most}',
  },
  replayed: {
    en: '{requests} requests routed anew, {skipped} skipped (pinned, or no body kept)',
    zh: '重新路由了 {requests} 个请求，跳过 {skipped} 个（指定了模型，或没有保存请求体）',
  },
  replayCost: {
    en: 'cost of {count} priced requests: {before} USD before, {after} USD after',
    zh: '{count} 个有价格的请求的费用：之前 {before} 美元，之后 {after} 美元',
  },
  learnUsage: {
    en: 'Usage: smartroute learn [status|refit|rollback] [--data-dir DIR]',
    zh: '用法：smartroute learn [status|refit|rollback] [--data-dir DIR]',
  },
  learnStatus: {
    en: '{lessons} lessons kept, correction {version} in force (0: none)',
    zh: '已保存 {lessons} 条反馈，当前修正版本 {version}（0 表示没有）',
  },
  learnRollback: {
    en: 'correction {version} in force (0: none)',
    zh: '当前修正版本 {version}（0 表示没有）',
  },
  learnTooFew: {
    en: '{lessons} lessons are too few to learn from',
    zh: '只有 {lessons} 条反馈，数量不足，无法学习',
  },
  learnPromoted: {
    en: 'promoted: loss on own held-out lessons {ownBefore} -> {ownAfter}, public accuracy {publicBefore} -> {publicAfter}',
    zh: '已启用：自有留出反馈的损失 {ownBefore} -> {ownAfter}，公开集准确率 {publicBefore} -> {publicAfter}',
  },
  learnRefused: {
    en: 'refused: loss on own held-out lessons {ownBefore} -> {ownAfter}, public accuracy {publicBefore} -> {publicAfter}',
    zh: '未启用：自有留出反馈的损失 {ownBefore} -> {ownAfter}，公开集准确率 {publicBefore} -> {publicAfter}',
  },
} as const satisfies Record<string, Message>
