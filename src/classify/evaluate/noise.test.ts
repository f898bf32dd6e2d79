import { describe, expect, it } from 'vitest'
import { readLabelled } from './labelled.ts'
import { NOISES } from './noise.ts'

describe('the polite noise', () => {
  it.each(['What is the capital of Peru?', '法国的首都是哪里？'])(
    'words "%s" in eight ways, by the index of the row',
    (text) => {
      const file = readLabelled(JSON.stringify({ prompt: text, tier: 'T1' }))
      const polite = NOISES.find(({ name }) => name === 'polite')
      if (file.kind !== 'rows' || file.rows[0] === undefined) throw new Error(file.kind)
      const [row] = file.rows
      const said = Array.from({ length: 16 }, (_, index) => polite?.apply(text, row, index) ?? '')
      expect(new Set(said).size).toBe(8)
      expect(said.every((one) => one.includes(text) && one.length > text.length)).toBe(true)
      expect(said.slice(8)).toEqual(said.slice(0, 8))
    },
  )
})
