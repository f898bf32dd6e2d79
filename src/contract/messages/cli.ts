import type { Message } from '../message.ts'

/** Everything the command line says. */
export const cliMessages = {
  help: {
    en: `SmartRoute AI Gateway {version}

Usage: smartroute [command] [options]

Commands
  serve                 run the gateway (default)
  demo                  run it with simulated models, whatever is configured
  check [FILE]          validate a configuration; exit code 78 if it is wrong
  route "TEXT"          show which tier and models a text would get
  import FILE           turn the original project's config.json into smartroute.yaml
  keys create NAME      make a gateway key (shown once)
  keys list             list the keys
  keys revoke NAME|ID   end a key
  admin reset-password  forget the panel's password (needs access to the data folder)
  drill [TIER] [FAULT]  play every fault against your own tiers, with simulated providers
  schema                print the JSON Schema of the configuration
  bench                 measure this machine (from a clone)
  eval FILE.jsonl       how the local classifier does on your labelled prompts
  replay [COUNT]        route logged requests anew under this configuration
  learn [refit|rollback] what the gateway has learnt from feedback
  version               print the version

Options (each also as SMARTROUTE_… in the environment)
  -c, --config FILE     configuration file
  -p, --port PORT       port, 0 for any free one
  -H, --host HOST       address to bind
      --data-dir DIR    where logs and keys are kept
      --log-level LEVEL trace, debug, info, warn, error, silent
      --log-format FMT  pretty or json
      --lang LANG       en or zh
      --json            machine-readable output (route, keys list, drill, eval, replay)
      --out FILE        where import (default smartroute.yaml) and eval write
      --force           import and eval may overwrite
      --expires DAYS    a new key ends after so many days
      --from, --to TIME replay: requests of this time only (ISO 8601)
  -h, --help            this text
  -V, --version         the version
`,
    zh: `SmartRoute AI 网关 {version}

用法：smartroute [命令] [选项]

命令
  serve                 运行网关（默认）
  demo                  使用模拟模型运行
  check [FILE]          检查配置；有错误时退出码为 78
  route "TEXT"          显示一段文本会得到的层级和模型
  import FILE           把原项目的 config.json 转换为 smartroute.yaml
  keys create NAME      创建网关密钥（只显示一次）
  keys list             列出密钥
  keys revoke NAME|ID   吊销密钥
  admin reset-password  清除面板密码（需要能访问数据目录）
  drill [TIER] [FAULT]  用模拟供应商对自己的层级配置演练各种故障
  schema                输出配置的 JSON Schema
  bench                 在本机做性能测试（需在源码目录中）
  eval FILE.jsonl       用自己标注的提示评估本地分类器
  replay [COUNT]        用当前配置重新路由日志中的请求
  learn [refit|rollback] 查看、更新或回退从反馈中学到的修正
  version               输出版本号

选项（均可写成环境变量 SMARTROUTE_…）
  -c, --config FILE     配置文件
  -p, --port PORT       端口，0 表示任意空闲端口
  -H, --host HOST       监听地址
      --data-dir DIR    日志和密钥的存放目录
      --log-level LEVEL trace、debug、info、warn、error、silent
      --log-format FMT  pretty 或 json
      --lang LANG       en 或 zh
      --json            机器可读输出（route、keys list、drill、eval、replay）
      --out FILE        import（默认 smartroute.yaml）和 eval 的输出文件
      --force           允许 import 和 eval 覆盖文件
      --expires DAYS    新密钥在若干天后失效
      --from, --to TIME replay 只取这段时间的请求（ISO 8601）
  -h, --help            显示本帮助
  -V, --version         显示版本号
`,
  },
  unknownCommand: { en: 'unknown command "{name}"', zh: '未知的命令 "{name}"' },
  unknownOption: { en: 'unknown option "{name}"', zh: '未知的选项 "{name}"' },
  didYouMean: { en: ' — did you mean "{near}"?', zh: '，是否想写 "{near}"？' },
  seeHelp: { en: 'Run "smartroute --help" for help.', zh: '运行 "smartroute --help" 查看帮助。' },
  badOption: { en: '{name}: {detail}', zh: '{name}：{detail}' },
  notAPort: { en: 'a number from 0 to 65535', zh: '应为 0 到 65535 之间的数字' },
  notDays: { en: 'a number of days from 1 to 99999', zh: '应为 1 到 99999 之间的天数' },
  notATime: {
    en: 'a time such as 2026-11-26 or 2026-11-26T08:00:00Z',
    zh: '应为时间，例如 2026-11-26 或 2026-11-26T08:00:00Z',
  },
  oneOf: { en: 'one of {choices}', zh: '应为 {choices} 之一' },
  needsValue: { en: 'needs a value', zh: '需要一个值' },
  noConfig: {
    en: 'No configuration file found. Name one: smartroute check FILE',
    zh: '没有找到配置文件。请指定：smartroute check FILE',
  },
  cannotRead: { en: 'Cannot read {path}: {detail}', zh: '无法读取 {path}：{detail}' },
  cannotWrite: { en: 'Cannot write {path}: {detail}', zh: '无法写入 {path}：{detail}' },
  configValid: {
    en: '{path}: valid. {providers} providers, {models} models in the tiers, {warnings} warnings.',
    zh: '{path}：有效。{providers} 个供应商，各层级共 {models} 个模型，{warnings} 个警告。',
  },
  configInvalid: { en: '{count} errors in {path}', zh: '{path} 中有 {count} 个错误' },
  warning: { en: 'warning: ', zh: '警告：' },
  demoMode: {
    en: 'No provider is configured: demo mode with simulated models (demo/small, demo/medium, demo/large).',
    zh: '未配置供应商：以演示模式运行，使用模拟模型（demo/small、demo/medium、demo/large）。',
  },
  demoNext: {
    en: 'For real answers set a key such as OPENAI_API_KEY or DEEPSEEK_API_KEY and start again.',
    zh: '设置 OPENAI_API_KEY、DEEPSEEK_API_KEY 等密钥后重新启动，即可得到真实回答。',
  },
  starterWritten: {
    en: 'Wrote {path} for the keys found in the environment: {providers}.',
    zh: '已根据环境变量中的密钥生成 {path}：{providers}。',
  },
  panel: { en: 'Panel    {url}', zh: '面板     {url}' },
  panelSignIn: {
    en: 'Panel    {url}  (sign in with your password)',
    zh: '面板     {url}  （使用密码登录）',
  },
  password_too_short: {
    en: 'SMARTROUTE_ADMIN_PASSWORD is too short: at least 12 characters.',
    zh: 'SMARTROUTE_ADMIN_PASSWORD 太短：至少 12 个字符。',
  },
  password_too_common: {
    en: 'SMARTROUTE_ADMIN_PASSWORD is a common password. Choose another one.',
    zh: 'SMARTROUTE_ADMIN_PASSWORD 太常见，请换一个。',
  },
  password_unreadable: {
    en: 'SMARTROUTE_ADMIN_PASSWORD_FILE cannot be read: {detail}',
    zh: '无法读取 SMARTROUTE_ADMIN_PASSWORD_FILE：{detail}',
  },
  adminUsage: {
    en: 'Usage: smartroute admin reset-password',
    zh: '用法：smartroute admin reset-password',
  },
  passwordReset: {
    en: 'The password, the second factor and all sessions of the panel are gone. Restart the gateway: it prints a new setup token.',
    zh: '已清除面板的密码、两步验证和所有登录。重启网关后会打印新的设置令牌。',
  },
  api: { en: 'API      {url}', zh: 'API      {url}' },
  tryIt: { en: 'Try it   {command}', zh: '试一试   {command}' },
  portTaken: {
    en: 'Port {port} on {host} is taken. Stop the other program or choose another port: --port {other}',
    zh: '{host} 的端口 {port} 已被占用。请停止占用它的程序，或换一个端口：--port {other}',
  },
  needsKey: {
    en: 'Refusing to listen on {host} without a gateway key: anyone could spend your money. Make one with "smartroute keys create NAME", or set gateway.api_keys.',
    zh: '没有网关密钥时拒绝监听 {host}：任何人都能消耗你的额度。请运行 "smartroute keys create NAME" 创建密钥，或设置 gateway.api_keys。',
  },
  keyCreated: {
    en: 'Key "{name}". It is shown this once; keep it safe:',
    zh: '密钥 "{name}" 已创建，仅显示这一次，请妥善保存：',
  },
  keyTaken: {
    en: 'There is an active key named "{name}".',
    zh: '已存在名为 "{name}" 的有效密钥。',
  },
  keyRevoked: { en: 'Key "{name}" is revoked.', zh: '密钥 "{name}" 已吊销。' },
  keyUnknown: { en: 'There is no active key "{name}".', zh: '没有名为 "{name}" 的有效密钥。' },
  keysNone: {
    en: 'No keys. Make one: smartroute keys create NAME',
    zh: '没有密钥。创建：smartroute keys create NAME',
  },
  keysUsage: {
    en: 'Usage: smartroute keys create NAME | list | revoke NAME',
    zh: '用法：smartroute keys create NAME | list | revoke NAME',
  },
  routeUsage: { en: 'Usage: smartroute route "TEXT"', zh: '用法：smartroute route "文本"' },
  importUsage: {
    en: 'Usage: smartroute import config.json',
    zh: '用法：smartroute import config.json',
  },
  outExists: {
    en: '{path} exists. Choose another with --out, or overwrite it with --force.',
    zh: '{path} 已存在。用 --out 指定其他文件，或用 --force 覆盖。',
  },
  importDone: { en: 'Wrote {path}.', zh: '已写入 {path}。' },
  importNotes: { en: 'What changed meaning:', zh: '含义发生变化的设置：' },
  benchHow: {
    en: 'The bench is part of the source: clone the project and run "npm run bench".',
    zh: '性能测试在源码中：克隆项目后运行 "npm run bench"。',
  },
  dataDir: {
    en: 'Cannot use the data folder {path}: {detail}',
    zh: '无法使用数据目录 {path}：{detail}',
  },
} satisfies Record<string, Message>
