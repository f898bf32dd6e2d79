/**
 * Words for the full-text index. Chinese, Japanese and Korean text has no spaces, so it is cut
 * into pairs of neighbouring characters, which finds any part of it that is two characters long;
 * other text is cut by the index itself and found by the beginnings of its words.
 */

const WIDE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+/g
const WORDS_CHARS_MAX = 6_000

/** What is written into the index for a text. */
export function indexWords(text: string): string {
  const kept =
    text.length <= WORDS_CHARS_MAX
      ? text
      : `${text.slice(0, WORDS_CHARS_MAX * 0.75)} ${text.slice(-WORDS_CHARS_MAX / 4)}`
  return kept.normalize('NFKC').replace(WIDE, (run) => ` ${pairs(run)} `)
}

/** The question to the index that finds at least what contains a text; null: it cannot be asked. */
export function searchExpression(text: string): string | null {
  const parts: string[] = []
  const narrow = text.normalize('NFKC').replace(WIDE, (run) => {
    parts.push(
      ...(run.length === 1
        ? [`"${run}" *`]
        : pairs(run)
            .split(' ')
            .map((pair) => `"${pair}"`)),
    )
    return ' '
  })
  const words = narrow.match(/[\p{L}\p{N}]+/gu) ?? []
  // The text may begin or end within a word; only its beginning can be looked up.
  const startsInside = /^[\p{L}\p{N}]/u.test(narrow) && words.length > 1
  for (const [index, word] of words.entries()) {
    const isLast = index === words.length - 1
    if (startsInside && index === 0) continue
    parts.push(isLast ? `"${word}" *` : `"${word}"`)
  }
  return parts.length === 0 ? null : parts.join(' ')
}

/** A pair for every character, the last one alone: so single characters are found too. */
function pairs(run: string): string {
  // Every character of `WIDE` is one unit of the string.
  if (run.length === 1) return run
  let text = run.slice(0, 2)
  for (let at = 1; at < run.length - 1; at++) text += ` ${run.slice(at, at + 2)}`
  return text
}
