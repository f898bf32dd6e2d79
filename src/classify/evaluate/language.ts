/** The languages that figures are told apart by. */
export type EvaluatedLanguage = 'en' | 'zh' | 'other'

/** By its script: Han without kana is Chinese, Latin counts as English, the rest is another one. */
export function languageOf(text: string): EvaluatedLanguage {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)) return 'other'
  if (/\p{Script=Han}/u.test(text)) return 'zh'
  // A Greek letter in a formula makes no text Greek.
  return count(text, /\p{L}/gu) > 2 * count(text, /\p{Script=Latin}/gu) ? 'other' : 'en'
}

/** The language that a tag names: `zh-CN` and `EN` are zh and en. */
export function languageOfTag(tag: string): string {
  const [primary = ''] = tag.trim().toLowerCase().split(/[-_]/, 1)
  return primary === 'en' || primary === 'zh' ? primary : tag
}

function count(text: string, letters: RegExp): number {
  return text.match(letters)?.length ?? 0
}
