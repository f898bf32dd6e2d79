import type { Labelled } from './labelled.ts'
import { languageOf } from './language.ts'

/**
 * Ways in which the same ask may be typed. None of them changes what it needs; null where a row has
 * no such twin. A twin that equals the text tells nothing and is for the caller to leave out.
 */
export const NOISES: readonly {
  readonly name: string
  readonly apply: (text: string, row: Labelled, index: number) => string | null
}[] = [
  { name: 'upper case', apply: (text) => text.toUpperCase() },
  { name: 'lower case', apply: (text) => text.toLowerCase() },
  { name: 'spaces', apply: (text) => `  ${text.replaceAll(' ', '  ')}\n\n` },
  { name: 'typos', apply: typos },
  { name: 'polite', apply: polite },
  { name: 'translated', apply: (_text, { translation }) => translation },
]

/**
 * What stands before and after an ask. None of it is a template of the training or a case of the
 * tests of `withoutCourtesy`: whoever mends that by these words makes the figure worthless.
 */
const COURTESIES: Readonly<Record<'en' | 'zh', readonly (readonly [string, string])[]>> = {
  en: [
    ['Hey! Long time no see, hope life is treating you kindly. ', ''],
    ['Apologies for the interruption, could I borrow your brain for a second? ', ''],
    ['', '\n\nThanks a bunch, you are a lifesaver!'],
    ['Good afternoon everybody, would anyone be so kind as to give me a hand here?\n', ''],
    ["Hiya, me again. If it's not too much trouble: ", ' Ta!'],
    ['', ' I know you must be busy, so whenever suits you. Warm regards,\nPriya'],
    ['Pardon me, I could use some guidance, please. ', ' Any pointers are greatly appreciated.'],
    ['Howdy folks, here is something I keep struggling with. ', '\nMuch obliged,\nTom Becker'],
  ],
  zh: [
    ['嗨，好久不见，最近还好吗？', ''],
    ['老师您好，冒昧打扰，还请见谅。', ''],
    ['', '\n先在这里道声谢啦！'],
    ['哈喽哈喽，又来麻烦你了，', ' 么么哒'],
    ['大家下午好，有没有好心人能搭把手？\n', ''],
    ['', ' 您有空的时候再回我就行，万分感激。'],
    ['劳您费心，烦请指点迷津：', '\n祝好！'],
    ['抱歉占用您的时间，我是新手，请多关照。', ' 跪谢各位'],
  ],
}

function polite(text: string, _row: Labelled, index: number): string {
  const ways = COURTESIES[languageOf(text) === 'zh' ? 'zh' : 'en']
  const [before, after] = ways[index % ways.length] ?? ['', '']
  return `${before}${text}${after}`
}

/** Swaps two neighbouring letters of every eighth longer Latin word. Always the same ones. */
function typos(text: string): string {
  let seen = 0
  return text.replaceAll(/[A-Za-z]{5,}/g, (word) =>
    ++seen % 8 === 0 ? `${word.slice(0, 2)}${word[3]}${word[2]}${word.slice(4)}` : word,
  )
}
