import { isEnglish } from './is-english.ts'

/** The languages that figures are told apart by. */
export type EvaluatedLanguage = 'en' | 'zh' | 'other'

/** Names and codes by which tables call English and Chinese, as a tag begins. */
const ENGLISH = namesIn('en eng english 英语 英文 英語')
const CHINESE = namesIn(
  `zh zho chi cn cmn chs cht yue chinese mandarin cantonese simplified traditional
  中文 汉语 漢語 华语 華語 国语 國語 普通话 普通話 简体 繁体 簡體 繁體 简体中文 繁体中文 簡體中文 繁體中文`,
)

/** By its script: Han without kana is Chinese, Latin is English or not by its words, the rest is not. */
export function languageOf(text: string): EvaluatedLanguage {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)) return 'other'
  if (/\p{Script=Han}/u.test(text)) return 'zh'
  // A Greek letter in a formula makes no text Greek.
  if (count(text, /\p{L}/gu) > 2 * count(text, /\p{Script=Latin}/gu)) return 'other'
  return isEnglish(text) ? 'en' : 'other'
}

/** The language that a tag names: `zh-CN`, `Chinese` and `中文` are zh, `EN` and `english` are en. */
export function languageOfTag(tag: string): string {
  const parts = tag
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
  const primary = parts.find((part) => part !== '') ?? ''
  if (ENGLISH.has(primary)) return 'en'
  return CHINESE.has(primary) ? 'zh' : tag
}

function count(text: string, letters: RegExp): number {
  return text.match(letters)?.length ?? 0
}

function namesIn(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/))
}
