import type { Labelled } from './labelled.ts'

/** Ways in which the same ask may be typed. None of them changes what it needs; null where a row has no such twin. */
export const NOISES: readonly {
  readonly name: string
  readonly apply: (text: string, row: Labelled) => string | null
}[] = [
  { name: 'upper case', apply: (text) => text.toUpperCase() },
  { name: 'lower case', apply: (text) => text.toLowerCase() },
  { name: 'spaces', apply: (text) => `  ${text.replaceAll(' ', '  ')}\n\n` },
  { name: 'typos', apply: typos },
  { name: 'polite', apply: polite },
  { name: 'translated', apply: (_text, { translation }) => translation },
]

/** Swaps two neighbouring letters of every eighth longer Latin word. Always the same ones. */
function typos(text: string): string {
  let seen = 0
  return text.replaceAll(/[A-Za-z]{5,}/g, (word) =>
    ++seen % 8 === 0 ? `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}` : word,
  )
}

function polite(text: string): string {
  return /[\u4e00-\u9fff]/.test(text)
    ? `你好，麻烦帮我看一下这个，谢谢：${text}`
    : `Hello, could you please help me with this? ${text}`
}
