import type { Message } from '../message.ts'

/** What `eval` and `replay` say. */
export const evalMessages = {
  usage: {
    en: 'Usage: smartroute eval FILE.jsonl [--config FILE] [--out FILE [--force]] — one {"prompt" or "messages", "tier"} per line',
    zh: '用法：smartroute eval FILE.jsonl [--config FILE] [--out FILE [--force]]，每行一个 {"prompt" 或 "messages", "tier"}',
  },
  cannotRead: { en: 'cannot read {path}', zh: '无法读取 {path}' },
  notUtf8: {
    en: '{path}:{line}  not valid UTF-8; save the file in that encoding',
    zh: '{path}:{line}  不是有效的 UTF-8；请将文件另存为 UTF-8 编码',
  },
  invalid: {
    en: '{count} problems in {path}, {shown} of them shown. Each line is {"prompt" or "messages", "tier": "T1" to "T3"}.',
    zh: '{path} 中有 {count} 个问题，显示了 {shown} 个。每行应为 {"prompt" 或 "messages", "tier": "T1" 到 "T3"}。',
  },
  noRows: { en: '{path}: no rows', zh: '{path}：没有数据行' },
  evalTitle: {
    en: '{model}, preference {preference}, {rows} rows, %',
    zh: '{model}，偏好 {preference}，{rows} 行，单位 %',
  },
  evalHeads: {
    en: '|acc|clear|en|zh|R(t1)|R(t2)|R(t3)|under|ECE|saved@95|saved|adequate',
    zh: '|准确率|明确行|英文|中文|召回t1|召回t2|召回t3|偏低|校准误差|省@95|节省|足够',
  },
  evalConfusion: { en: 'confusion {matrix}', zh: '混淆矩阵 {matrix}' },
  evalFlips: {
    en: 'flips under noise: {flips}; mean {mean}',
    zh: '扰动后改变的决定：{flips}；平均 {mean}',
  },
  evalTimes: {
    en: 'decision ms: p50 {p50}, p99 {p99}, 100 KB p99 {long}; load {load}; asset {size} MB',
    zh: '决策毫秒：p50 {p50}，p99 {p99}，100 KB p99 {long}；加载 {load}；模型文件 {size} MB',
  },
  replayUsage: {
    en: 'Usage: smartroute replay [COUNT] [--from TIME] [--to TIME] [--config FILE] [--data-dir DIR], COUNT from 1 to {most}',
    zh: '用法：smartroute replay [数量] [--from 时间] [--to 时间] [--config FILE] [--data-dir DIR]，数量为 1 到 {most}',
  },
  replayed: {
    en: '{requests} requests routed anew, {skipped} skipped',
    zh: '重新路由了 {requests} 个请求，跳过 {skipped} 个',
  },
  replayPinned: {
    en: 'skipped: {count} named a tier or a model',
    zh: '跳过：{count} 个指定了层级或模型',
  },
  replayUnknownModel: {
    en: 'skipped: {count} named a model that this configuration rejects',
    zh: '跳过：{count} 个请求的模型会被当前配置拒绝',
  },
  replayNoBody: {
    en: 'skipped: of {count} no body was kept',
    zh: '跳过：{count} 个没有保存请求体',
  },
  replayCutBody: {
    en: 'skipped: of {count} the kept body is cut short',
    zh: '跳过：{count} 个保存的请求体不完整',
  },
  replayHeld: {
    en: '{count} of them kept the decision of their session, as they did then',
    zh: '其中 {count} 个沿用了所在会话的决定，与当时相同',
  },
  replayUndecided: {
    en: '{count} undecided without the language model, which replay does not ask: in neither flow nor cost',
    zh: '{count} 个只有询问大模型才能决定，重放不会询问：未计入流向和费用',
  },
  replayRoutingDisabled: {
    en: 'routing.enabled is false: tiers are drawn at random, so nothing can be replayed',
    zh: 'routing.enabled 为 false：层级是随机抽取的，无法重放',
  },
  replayNoLog: { en: 'no log in {path}', zh: '{path} 中没有日志' },
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
    en: 'promoted: own held-out lessons: loss {ownBefore} -> {ownAfter}, right {rightBefore} -> {rightAfter}; public accuracy {publicBefore} -> {publicAfter}',
    zh: '已启用：自有留出反馈的损失 {ownBefore} -> {ownAfter}、正确率 {rightBefore} -> {rightAfter}，公开集准确率 {publicBefore} -> {publicAfter}',
  },
  learnRefused: {
    en: 'refused: own held-out lessons: loss {ownBefore} -> {ownAfter}, right {rightBefore} -> {rightAfter}; public accuracy {publicBefore} -> {publicAfter}',
    zh: '未启用：自有留出反馈的损失 {ownBefore} -> {ownAfter}、正确率 {rightBefore} -> {rightAfter}，公开集准确率 {publicBefore} -> {publicAfter}',
  },
} as const satisfies Record<string, Message>

/** The ways of typing otherwise, by the names that the JSON has. */
export const noiseMessages: Readonly<Record<string, Message>> = {
  'upper case': { en: 'upper case', zh: '大写' },
  'lower case': { en: 'lower case', zh: '小写' },
  spaces: { en: 'spaces', zh: '空格' },
  typos: { en: 'typos', zh: '错字' },
  polite: { en: 'polite', zh: '客套' },
  translated: { en: 'translated', zh: '翻译' },
}

/** Why a line is no labelled prompt. */
export const rowMessages = {
  notJson: { en: 'not a JSON object', zh: '不是 JSON 对象' },
  noPrompt: {
    en: 'neither "prompt" nor "messages"; its keys are {found}',
    zh: '没有 "prompt" 或 "messages"；现有的键为 {found}',
  },
  emptyPrompt: { en: '"prompt" is empty', zh: '"prompt" 为空' },
  noUserMessage: {
    en: '"messages" has none of role "user" with text or an image',
    zh: '"messages" 中没有角色为 "user" 且带有文字或图片的消息',
  },
  wrongType: { en: '{found} has the wrong type', zh: '{found} 的类型不正确' },
  noTier: { en: 'no "tier"; its keys are {found}', zh: '没有 "tier"；现有的键为 {found}' },
  unknownTier: {
    en: 'unknown tier {found}; allowed are T1, T2, T3',
    zh: '未知的层级 {found}；可用的有 T1、T2、T3',
  },
} as const satisfies Record<string, Message>
