import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shippedVersion } from '../../src/classify/shipped-model.ts'
import { runCli } from '../support/start-gateway.ts'

const LABELS = '{"prompt":"What is the capital of Peru?","tier":"T1","lang":"en"}\n'

describe('smartroute eval', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'smartroute-eval-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const run = (...args: string[]) => runCli(['eval', ...args], {}, folder)

  it('overwrites nothing unless told to, least of all the labels', async () => {
    const labels = file('labels.jsonl', LABELS)
    const refused = await run(labels, '--out', labels)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`${labels} exists`)
    expect(readFileSync(labels, 'utf8')).toBe(LABELS)
    const old = file('old.json', 'old')
    expect((await run(labels, '--out', old, '--lang', 'zh')).stderr).toContain('已存在')
    expect(readFileSync(old, 'utf8')).toBe('old')
    expect((await run(labels, '--out', old, '--force')).code).toBe(0)
    expect(JSON.parse(readFileSync(old, 'utf8')).classifiers.local.rows).toBe(1)
    expect((await run(labels, '--out', join(folder, 'new.json'))).code).toBe(0)
    expect(JSON.parse(readFileSync(join(folder, 'new.json'), 'utf8')).preference).toBe('balanced')
  })

  it('shows what a correction in force makes of the labels, and leaves a broken file alone', async () => {
    const labels = file('labels.jsonl', LABELS)
    const folderOf = (name: string, corrections: string): string => {
      mkdirSync(join(folder, name, 'learning'), { recursive: true })
      file(join(name, 'learning', 'corrections.json'), corrections)
      return join(folder, name)
    }
    const correction = { version: 1, model: shippedVersion(), bias: [0, 0, 30], weights: [] }
    const learnt = folderOf('learnt', JSON.stringify([correction]))
    const { stdout } = await run(labels, '--json', '--data-dir', learnt)
    const { classifiers } = JSON.parse(stdout)
    expect([classifiers.local.accuracy, classifiers.learnt.accuracy]).toEqual([1, 0])
    expect((await run(labels, '--data-dir', learnt)).stdout).toMatch(/^ +learnt +0\.0/m)
    const broken = folderOf('broken', 'nothing')
    expect((await run(labels, '--data-dir', broken)).stdout).not.toContain('learnt')
    expect(readFileSync(join(broken, 'learning', 'corrections.json'), 'utf8')).toBe('nothing')
  })

  it('shows the figures even where they cannot be kept', async () => {
    const labels = file('labels.jsonl', LABELS)
    const out = join(folder, 'nowhere', 'x.json')
    const failed = await run(labels, '--out', out)
    expect(failed.code).toBe(74)
    expect(failed.stdout).toContain('confusion')
    expect(failed.stderr).toMatch(/^Cannot write .*ENOENT.*\n$/)
    const chinese = await run(labels, '--out', out, '--lang', 'zh')
    expect(chinese.stderr).toContain('无法写入')
    expect(chinese.stdout).toContain('混淆矩阵')
    expect(chinese.stdout).not.toMatch(/confusion|flips|preference/)
  })

  it('shows a dash where no row gives a figure', async () => {
    const { stdout } = await run(file('labels.jsonl', LABELS))
    expect(stdout).not.toContain('NaN')
    const oracle = stdout.split('\n').find((line) => line.trim().startsWith('oracle')) ?? ''
    // acc, clear, en, zh, R(t1), R(t2), R(t3)
    expect(oracle.trim().split(/\s+/).slice(1, 8)).toEqual([
      '100.0',
      '100.0',
      '100.0',
      '-',
      '100.0',
      '-',
      '-',
    ])
  })

  it('names every line that cannot be used, in both languages', async () => {
    const labels = file(
      'broken.jsonl',
      `${LABELS}{"text":"a","tier":"T1"}\n{"prompt":"a","tier":"hard"}\n`,
    )
    const en = await run(labels)
    expect([en.code, en.stdout]).toEqual([1, ''])
    expect(en.stderr).toContain(
      `${labels}:2  neither "prompt" nor "messages"; its keys are ["text","tier"]`,
    )
    expect(en.stderr).toContain(`${labels}:3  unknown tier "hard"; allowed are T1, T2, T3`)
    expect(en.stderr).toContain(`2 problems in ${labels}, 2 of them shown`)
    const zh = await run(labels, '--lang', 'zh')
    expect(zh.stderr).toContain(`${labels}:3  未知的层级 "hard"；可用的有 T1、T2、T3`)
    const empty = await run(file('empty.jsonl', '\n'))
    expect([empty.code, empty.stderr]).toEqual([1, `${join(folder, 'empty.jsonl')}: no rows\n`])
  })

  it('names the line that is not UTF-8, in both languages', async () => {
    const path = join(folder, 'latin1.jsonl')
    writeFileSync(
      path,
      Buffer.concat([
        Buffer.from(LABELS),
        Buffer.from('{"prompt":"Wie hei\u00dft sie?","tier":"T1"}\n', 'latin1'),
      ]),
    )
    const en = await run(path)
    expect([en.code, en.stdout]).toEqual([1, ''])
    expect(en.stderr).toBe(`${path}:2  not valid UTF-8; save the file in that encoding\n`)
    const zh = await run(path, '--lang', 'zh')
    expect([zh.code, zh.stderr]).toEqual([
      1,
      `${path}:2  不是有效的 UTF-8；请将文件另存为 UTF-8 编码\n`,
    ])
  })

  it('takes one file, and says so where there are more', async () => {
    const labels = file('labels.jsonl', LABELS)
    const two = await run(labels, file('more.jsonl', LABELS))
    expect([two.code, two.stdout]).toEqual([2, ''])
    expect(two.stderr).toContain('Usage: smartroute eval FILE.jsonl')
  })

  it('tells the languages of rows that name none', async () => {
    const labels = file(
      'mixed.jsonl',
      `${LABELS.replace(',"lang":"en"', '')}{"prompt":"1+1等于几？","tier":"T1","lang":"zh-CN"}\n`,
    )
    const { stdout } = await run(labels, '--json')
    expect(JSON.parse(stdout).classifiers.oracle.byLanguage).toEqual({
      en: { rows: 1, accuracy: 1 },
      zh: { rows: 1, accuracy: 1 },
    })
  })

  it('decides by the preference of the configuration', async () => {
    const labels = file('labels.jsonl', LABELS)
    const config = file('quality.yaml', 'routing: { local: { preference: quality } }\n')
    const { stdout } = await run(labels, '--config', config, '--json')
    expect(JSON.parse(stdout).preference).toBe('quality')
    const wrong = file('wrong.yaml', 'routing: { local: { preference: best } }\n')
    expect((await run(labels, '--config', wrong)).code).toBe(78)
    expect((await run(labels, '--config', join(folder, 'none.yaml'))).code).toBe(78)
  })
})
