import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, '../../dist/panel')
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

/** JavaScript that the first page needs: what the page names, and what that imports at once. */
function firstLoad(): ReadonlySet<string> {
  const found = new Set<string>()
  const overview = readdirSync(join(folder, 'assets')).filter(
    (name) => name.endsWith('.js') && read(`assets/${name}`).includes('Who asks what'),
  )
  const add = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const [, next = ''] of read(`assets/${name}`).matchAll(
      /(?:import|from)\s*"\.\/([\w.-]+\.js)"/g,
    ))
      add(next)
  }
  const entries = [...read('index.html').matchAll(/assets\/([\w.-]+\.js)/g)].map(
    ([, name = '']) => name,
  )
  for (const name of [...entries, ...overview]) add(name)
  return found
}

describe.skipIf(!existsSync(join(folder, 'index.html')))('the weight of the panel', () => {
  it('is at most 170 KB of compressed JavaScript before the first page', () => {
    const files = [...firstLoad()]
    const bytes = files.reduce((sum, name) => sum + gzipSync(read(`assets/${name}`)).length, 0)
    console.log(`first load: ${bytes} bytes in ${files.length} files`)
    expect(files.length).toBeGreaterThan(2)
    expect(bytes).toBeLessThanOrEqual(170_000)
  })

  it('carries neither the schemas of the server nor anything from elsewhere', () => {
    for (const name of readdirSync(join(folder, 'assets'))) {
      if (!name.endsWith('.js')) continue
      const text = read(`assets/${name}`)
      expect(text).not.toContain('ZodError')
      expect(text).not.toMatch(/cdn\.|googleapis\.com\/css|unpkg\.com|sourceMappingURL/)
    }
    expect(read('index.html')).not.toMatch(/https?:\/\//)
  })
})
