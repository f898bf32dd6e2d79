import { defineTexts } from '@/texts/texts.ts'

export const connectTexts = defineTexts({
  title: ['Connect', '接入'],
  hint: [
    'Point your tools at the gateway: a new address is all they need.',
    '让你的工具指向网关，只需更换地址。',
  ],
  key: ['Key in the snippet', '片段中的密钥'],
  noKeyNeeded: ['none is needed while the gateway is open', '网关开放时不需要密钥'],
  placeholder: ['your key (sr-…)', '你的密钥（sr-…）'],
  makeKey: ['Make a key', '新建密钥'],
  model: ['Model', '模型'],
  shell: ['System', '系统'],
  tools: ['Tools', '工具'],
  copy: ['Copy', '复制'],
  connecting: ['Connecting to the live log …', '正在连接实时日志……'],
  waiting: ['Waiting for the first request …', '等待第一个请求……'],
  received: [(who: string) => `Received from ${who}`, (who: string) => `已收到来自 ${who} 的请求`],
  openIt: ['Look at it', '查看'],
  noteChat: [
    'Speaks the OpenAI chat format, which the gateway serves.',
    '使用 OpenAI 聊天格式，网关已支持。',
  ],
  noteCursor: [
    'Cursor calls from its own servers: an address of this machine or network cannot be reached. The gateway needs a public name with TLS in front.',
    'Cursor 从自己的服务器发起调用，无法访问本机或内网地址。网关需要带 TLS 的公网地址。',
  ],
  noteResponses: [
    'Codex speaks the Responses format alone, which this gateway does not serve yet. This is how it will be set.',
    'Codex 只使用 Responses 格式，网关尚未支持。以下为届时的设置方法。',
  ],
  noteMessages: [
    'Claude Code speaks the Anthropic Messages format, which this gateway does not serve yet. This is how it will be set.',
    'Claude Code 使用 Anthropic Messages 格式，网关尚未支持。以下为届时的设置方法。',
  ],
  noteBrowser: [
    'Works from the application’s server. An application in a browser on another address is refused by an open gateway; give it a key.',
    '适用于应用的服务端。浏览器中的跨域应用会被开放的网关拒绝，请使用密钥。',
  ],
  soon: ['soon', '即将支持'],
  where: ['Where', '位置'],
})
