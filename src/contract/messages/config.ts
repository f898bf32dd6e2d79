import type { Message } from '../message.ts'

/** Everything the configuration loader tells an operator. */
export const configMessages = {
  yamlSyntax: { en: 'not valid YAML: {detail}', zh: 'YAML 语法错误：{detail}' },
  notAMapping: {
    en: 'the configuration must be a mapping of keys to values',
    zh: '配置必须是键值映射',
  },
  variableUnset: {
    en: 'environment variable {name} is not set; set it, or write ${{name}:-default}',
    zh: '环境变量 {name} 未设置；请设置它，或写成 ${{name}:-默认值}',
  },
  variableRequired: { en: '{name}: {detail}', zh: '{name}：{detail}' },
  fileUnreadable: { en: 'cannot read {path}: {detail}', zh: '无法读取 {path}：{detail}' },
  addressRefused: {
    en: 'provider "{id}" will be refused: {detail}',
    zh: 'provider "{id}" 将被拒绝连接：{detail}（如确属本机或内网服务，请为它设置 allow_private: true）',
  },
  unknownKey: { en: 'unknown key "{key}"', zh: '未知的键 "{key}"' },
  unknownKeyNear: {
    en: 'unknown key "{key}" — did you mean "{near}"?',
    zh: '未知的键 "{key}"，是否想写 "{near}"？',
  },
  invalidValue: { en: '{path}: {detail}', zh: '{path}：{detail}' },
  unknownProvider: {
    en: '"{model}" names no configured provider and there is no default_provider',
    zh: '"{model}" 没有对应的 provider，也没有设置 default_provider',
  },
  unknownProviderId: {
    en: 'provider "{id}" is not configured',
    zh: '没有配置名为 "{id}" 的 provider',
  },
  unknownProviderNear: {
    en: 'provider "{id}" is not configured — did you mean "{near}"?',
    zh: '没有配置名为 "{id}" 的 provider，是否想写 "{near}"？',
  },
  badPattern: { en: 'not a valid RE2 pattern: {detail}', zh: '不是有效的 RE2 表达式：{detail}' },
  llmMissing: {
    en: 'classifier "{name}" needs routing.llm with a model',
    zh: '"{name}" 分类器需要配置 routing.llm 及其 model',
  },
  noModel: {
    en: 'no tier has a model: only requests that name provider/model can be answered',
    zh: '所有层级都没有模型：只有写明 provider/model 的请求才能得到回答',
  },
  tierEmpty: {
    en: 'tier {tier} has no model; the nearest tier answers in its place',
    zh: '层级 {tier} 没有模型，将由最接近的层级代替',
  },
  tlsUnverified: {
    en: 'TLS certificates of "{id}" are not verified: its key can be stolen on the way',
    zh: '"{id}" 的 TLS 证书不做校验：密钥可能在传输途中被窃取',
  },
  needsRestart: {
    en: '{path} changes with the next start of the gateway',
    zh: '{path} 在下次启动网关后生效',
  },
  keyEmpty: {
    en: 'provider "{id}" has no API key',
    zh: 'provider "{id}" 没有 API 密钥',
  },
} satisfies Record<string, Message>
