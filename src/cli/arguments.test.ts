import { expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'

function languageIn(env: Readonly<Record<string, string>>, ...argv: string[]): string {
  const parsed = parseArguments(['help', ...argv], env, false)
  return parsed.kind === 'options' ? parsed.options.language : parsed.message
}

it('takes the language from the first variable that says something', () => {
  expect(languageIn({ LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(languageIn({ LC_ALL: '', LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(languageIn({ LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' })).toBe('zh')
  expect(languageIn({ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' })).toBe('en')
  expect(languageIn({ LC_ALL: '', LC_MESSAGES: 'en_GB', LANG: 'zh_CN.UTF-8' })).toBe('en')
  expect(languageIn({ LANG: 'zh_CN.UTF-8' }, '--lang', 'en')).toBe('en')
  expect(languageIn({})).toBe('en')
})
