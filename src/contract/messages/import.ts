import type { Message } from '../message.ts'

/** What changed meaning when the original project's configuration was imported. */
export const importMessages = {
  defaultHost: {
    en: 'The gateway listens on 127.0.0.1 only; the original listened on every address. Set server.host to change it (a gateway key is then required).',
    zh: '网关只监听 127.0.0.1；原项目监听所有地址。可用 server.host 修改（届时必须设置网关密钥）。',
  },
  noGatewayKey: {
    en: 'No gateway key was set: the gateway answers programs on this machine only.',
    zh: '没有设置网关密钥：网关只响应本机程序。',
  },
  secretsLiteral: {
    en: 'Keys were copied as they are. Better: put them into the environment and write ${NAME} here.',
    zh: '密钥按原样复制。建议改放到环境变量中，在此写 ${NAME}。',
  },
  providerRenamed: {
    en: 'Provider "{from}" is now "{to}": ids are letters, digits, ".", "_" and "-".',
    zh: '供应商 "{from}" 改名为 "{to}"：id 只能包含字母、数字、"."、"_" 和 "-"。',
  },
  protocol: {
    en: 'Provider "{id}" used the protocol "{protocol}". Only OpenAI-compatible addresses work now; use the provider\'s compatible address.',
    zh: '供应商 "{id}" 使用协议 "{protocol}"。目前只支持兼容 OpenAI 的地址，请改用该供应商的兼容地址。',
  },
  verifySsl: {
    en: 'verify_ssl: false of "{id}" was not taken over: certificates are verified. If you must, set providers.{id}.tls.insecure_skip_verify.',
    zh: '"{id}" 的 verify_ssl: false 没有沿用：现在会校验证书。确有必要时可设置 providers.{id}.tls.insecure_skip_verify。',
  },
  mapUnknown: {
    en: 'The model map sent "{model}" to "{id}", which is not configured: left out.',
    zh: '模型映射把 "{model}" 指向未配置的 "{id}"：已省略。',
  },
  providerUnknown: {
    en: '"{model}" named the provider "{id}", which is not configured; it goes to the default upstream, as before.',
    zh: '"{model}" 指向未配置的供应商 "{id}"，与原来一样改用默认上游。',
  },
  multimodal: {
    en: '"{model}" was marked as text only; images are passed on unchanged now.',
    zh: '"{model}" 标记为仅文本；现在图片会原样转发。',
  },
  weightZero: {
    en: '"{model}" had the weight 0 and was left out.',
    zh: '"{model}" 的权重为 0，已省略。',
  },
  routerOff: {
    en: 'Intent analysis was off: a random tier with models is chosen (routing.enabled: false), as the original documented. Its later versions always took t1; for that write routing: { classifier: none, fallback_tier: t1 }.',
    zh: '意图分析已关闭：随机选择一个有模型的层级（routing.enabled: false），与原项目文档一致。其后期版本总是使用 t1；如需如此，请写 routing: { classifier: none, fallback_tier: t1 }。',
  },
  routerProvider: {
    en: 'The router had an address of its own; it became the provider "router".',
    zh: '路由模型有单独的地址，已成为供应商 "router"。',
  },
  routerFailure: {
    en: 'When the classifier fails, the request goes to t2 instead of failing (routing.fallback_tier).',
    zh: '分类器失败时，请求会转到 t2，而不再报错（routing.fallback_tier）。',
  },
  notRecognised: {
    en: '{path} is not a configuration of the original project (no known key was found).',
    zh: '{path} 不是原项目的配置（没有找到任何已知的键）。',
  },
  notJson: { en: '{path} is not valid JSON: {detail}', zh: '{path} 不是有效的 JSON：{detail}' },
} satisfies Record<string, Message>
