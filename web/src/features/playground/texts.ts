import { defineTexts } from '@/texts/texts.ts'

export const playgroundTexts = defineTexts({
  title: ['Playground', '试验台'],
  hint: ['Goes through the gateway as any program would.', '与任何程序一样经过网关。'],
  column: [(number: number) => `Column ${number}`, (number: number) => `第 ${number} 列`],
  addColumn: ['Add a column', '添加一列'],
  removeColumn: [
    (number: number) => `Remove column ${number}`,
    (number: number) => `移除第 ${number} 列`,
  ],
  model: ['Model', '模型'],
  auto: ['auto: the gateway decides', 'auto：由网关判断'],
  system: ['System prompt (optional)', '系统提示（可选）'],
  temperature: ['Temperature', '温度'],
  maxTokens: ['Tokens at most', '最多 Token'],
  stream: ['Stream', '流式'],
  json: ['JSON answer', 'JSON 输出'],
  prompt: [
    'Your question. Ctrl Enter sends it to every column.',
    '输入问题，Ctrl+Enter 发送到所有列。',
  ],
  send: ['Send', '发送'],
  stop: ['Stop', '停止'],
  clear: ['New conversation', '新对话'],
  empty: [
    'Ask something. Each column shows the answer, who gave it, why and at what price.',
    '提个问题吧。每一列会显示回答、由谁回答、原因和费用。',
  ],
  waiting: ['waiting …', '等待中……'],
  story: ['Story', '经过'],
  attempts: [(count: number) => `${count} attempts`, (count: number) => `${count} 次尝试`],
  firstToken: ['first token', '首字'],
  total: ['total', '总耗时'],
  settings: ['Parameters', '参数'],
  attach: ['Picture', '图片'],
  removePicture: ['Remove the picture', '移除图片'],
  tooLarge: ['The picture is larger than 4 MB.', '图片超过 4 MB。'],
})
