import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../src/admin/openapi.ts'
import { configJsonSchema } from '../src/config/json-schema.ts'
import { DECISIONS } from '../src/resilience/decision.ts'
import { VERSION } from '../src/kit/version.ts'

const root = resolve(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The import matrix of ARCHITECTURE.md: folder -> what it may import. */
function matrix(): Map<string, string[]> {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `src\/(\w+)` *\|[^|]+\| *([^|]+?) *\|$/gm)]
  const folders = rows.map((row) => row[1] ?? '')
  return new Map(
    rows.map(([, folder = '', allowed = '']) => {
      if (folder === 'cli') return [folder, folders]
      if (folder === 'app')
        return [folder, folders.filter((name) => !['cli', 'demo', 'drill'].includes(name))]
      if (allowed.startsWith('all above except')) {
        const above = folders.slice(0, folders.indexOf(folder))
        return [folder, above.filter((name) => !allowed.includes(name))]
      }
      return [folder, allowed.split(', ').filter((name) => folders.includes(name))]
    }),
  )
}

describe('the laws of the project', () => {
  const planted: string[] = []
  afterAll(() => {
    for (const path of planted) rmSync(path, { recursive: true, force: true })
  })

  it('every forbidden import is found by the linter, and no allowed one', () => {
    const layers = matrix()
    expect(layers.size).toBe(17)
    const expected = new Set<string>()
    for (const [folder, allowed] of layers) {
      const home = join(root, 'src', folder, 'planted-breach')
      planted.push(home)
      mkdirSync(home, { recursive: true })
      for (const target of layers.keys()) {
        if (target === folder) continue
        writeFileSync(join(home, `${target}.ts`), `export { x } from '../../${target}/x.ts'\n`)
        if (!allowed.includes(target)) expected.add(`${folder}/planted-breach/${target}.ts`)
      }
    }
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['-f', 'unix', 'src'], {
      cwd: root,
      encoding: 'utf8',
    })
    const found = new Set(
      stdout
        .split('\n')
        .filter((line) => line.includes('no-restricted-imports'))
        .map((line) => /src\/(\S+?):/.exec(line)?.[1] ?? ''),
    )
    expect([...found].sort()).toEqual([...expected].sort())
  }, 60_000)

  it('no source imports against the matrix', () => {
    const layers = matrix()
    for (const path of globSync('src/*/**/*.ts', { cwd: root })) {
      if (path.endsWith('.test.ts') || path.includes('planted-breach')) continue
      const folder = path.split('/')[1] ?? ''
      for (const [, target = ''] of read(path).matchAll(/from '(?:\.\.\/)+(\w+)\//g)) {
        if (target === folder || !layers.has(target)) continue
        expect(layers.get(folder), `${path} imports ${target}`).toContain(target)
      }
    }
  })

  it.each(['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'AGENTS.md', 'CONTRIBUTING.md'])(
    '%s names only paths that exist',
    (document) => {
      const text = read(document)
      const quoted = [...text.matchAll(/`((?:src|test|bench|docs|scripts|assets)\/[\w./-]*)`/g)]
      const linked = [...text.matchAll(/\]\(([\w./-]+)\)/g)]
      for (const [, path = ''] of [...quoted, ...linked]) {
        expect(existsSync(join(root, path)), path).toBe(true)
      }
    },
  )

  it('the guides link to what exists', () => {
    for (const guide of globSync('docs/**/*.md', { cwd: root })) {
      for (const [, path = ''] of read(guide).matchAll(/\]\(([\w./-]+)\)/g)) {
        expect(existsSync(resolve(root, guide, '..', path)), `${guide}: ${path}`).toBe(true)
      }
    }
  })

  it('every guide exists in Chinese and has the same parts', () => {
    const parts = (path: string): object => {
      const text = read(path)
      const prose = text.replaceAll(/^```[^]*?^```$/gm, '')
      return {
        headings: text.match(/^#+ /gm)?.map((level) => level.length),
        rows: text.match(/^\s*\|/gm)?.length,
        blocks: text.match(/^```/gm)?.length,
        code: prose.match(/`[^`\n]+`/g)?.sort(),
      }
    }
    for (const guide of globSync('docs/guide/*.md', { cwd: root })) {
      if (guide.endsWith('.zh-CN.md')) continue
      expect(parts(guide.replace(/md$/, 'zh-CN.md')), guide).toEqual(parts(guide))
    }
  })

  it('sources stay within their size', () => {
    const lines = (path: string): number => read(path).split('\n').length
    for (const path of globSync('src/**/*.ts', { cwd: root })) {
      if (!path.endsWith('.test.ts')) expect(lines(path), path).toBeLessThanOrEqual(300)
    }
    expect(lines('AGENTS.md')).toBeLessThanOrEqual(80)
    expect(lines('ARCHITECTURE.md')).toBeLessThanOrEqual(110)
    for (const path of globSync('docs/decisions/*.md', { cwd: root }))
      expect(lines(path)).toBeLessThanOrEqual(40)
  })

  it('both READMEs and the changelog are about this version and the same things', () => {
    expect(read('CHANGELOG.md')).toContain(`## ${VERSION}`)
    const headings = (path: string): number => read(path).match(/^## /gm)?.length ?? 0
    expect(headings('README.zh-CN.md')).toBe(headings('README.md'))
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const [, name = ''] of read('README.md').matchAll(/`npm (?:run )?(\w+)/g)) {
      if (name !== 'config') expect(Object.keys(scripts)).toContain(name)
    }
  })

  it('the generated documents are current', () => {
    const shown = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
    expect(read('docs/config.schema.json')).toBe(shown(configJsonSchema()))
    expect(read('docs/openapi.json')).toBe(shown(openApiDocument(VERSION)))
  })

  it('every configuration key is in the guide', () => {
    const guide = read('docs/guide/configuration.md')
    const { properties } = configJsonSchema() as { properties: Record<string, object> }
    for (const key of Object.keys(properties)) {
      if (key !== '$schema' && key !== 'version') expect(guide).toContain(`\`${key}`)
    }
  })

  it('every outcome is in the guide', () => {
    const guide = read('docs/guide/failover.md')
    for (const outcome of Object.keys(DECISIONS)) {
      if (outcome !== 'ok') expect(guide).toContain(`\`${outcome}\``)
    }
  })

  it('runtime dependencies are pinned, few, and each has its reason', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >
    const architecture = read('ARCHITECTURE.md')
    for (const name of Object.keys(dependencies ?? {})) expect(architecture).toContain(name)
    expect(Object.keys(dependencies ?? {}).length).toBeLessThanOrEqual(9)
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d/)
    }
  })
})
