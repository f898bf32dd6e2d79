import { defineTexts } from '@/texts/texts.ts'

export const signInTexts = defineTexts({
  title: ['Sign in', '登录'],
  password: ['Password', '密码'],
  code: ['Code of your authenticator, or a recovery code', '验证器中的验证码，或恢复码'],
  submit: ['Sign in', '登录'],
  setupTitle: ['Welcome. Set up the panel', '欢迎，先设置面板'],
  setupText: [
    'The gateway printed a one-time setup token when it started. It proves that you run this machine.',
    '网关启动时打印了一次性设置令牌，用来证明你拥有这台机器。',
  ],
  token: ['Setup token', '设置令牌'],
  newPassword: ['New password (at least 12 characters)', '新密码（至少 12 个字符）'],
  repeat: ['The same again', '再次输入'],
  different: ['The two passwords differ.', '两次输入的密码不同。'],
  setupSubmit: ['Set password and open the panel', '设置密码并进入面板'],
  expired: [
    'The setup token has been used or has expired. Restart the gateway: it prints a new one.',
    '设置令牌已使用或已过期。请重启网关以获得新令牌。',
  ],
  forgot: [
    'Forgot it? On the gateway’s machine: smartroute admin reset-password',
    '忘记密码？在网关所在机器运行：smartroute admin reset-password',
  ],
})
