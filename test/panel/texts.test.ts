import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../web/src')
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8')
const sources = globSync('**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !path.endsWith('texts.ts'),
)
const code = sources.map(read).join('\n')

/** Families whose key is put together: `tier_${tier}`. */
const FAMILY = /^([a-zA-Z]+)_/

describe('texts of the panel', () => {
  const catalogues = globSync('**/texts.ts', { cwd: root })
    .concat('texts/common.ts')
    .filter((path) => path !== 'texts/texts.ts')

  it.each(catalogues)('%s has no text that nobody shows', (path) => {
    const keys = [...read(path).matchAll(/^ {2}(\w+): \[/gm)].map(([, key = '']) => key)
    expect(keys.length).toBeGreaterThan(3)
    // Errors are looked up by the code that the gateway sends.
    const errors = path === 'texts/common.ts' ? read(path).split('errorTexts')[1] : ''
    const unused = keys.filter((key) => {
      const family = FAMILY.exec(key)?.[1]
      return (
        !new RegExp(`\\b(?:t|d|common|shell|keys)\\.${key}\\b`).test(code) &&
        !code.includes(`'${key}'`) &&
        !(errors ?? '').includes(`  ${key}:`) &&
        !(family !== undefined && code.includes(`${family}_\${`))
      )
    })
    expect(unused).toEqual([])
  })

  it.each(catalogues)('%s says every text in Chinese', (path) => {
    const pairs = [...read(path).matchAll(/\['([^'\n]+)',\s+'([^'\n]+)'\]/g)]
    const words = pairs.filter(([, english = '']) => /[a-z]{4}/.test(english))
    const without = words.filter(
      ([, english, chinese = '']) => !/\p{Script=Han}/u.test(chinese) && english === chinese,
    )
    expect(without.map(([, english]) => english)).toEqual([])
  })
})
