import { describe, expect, it } from 'vitest'
import { KeywordJudge } from './keyword-judge.ts'

const KEYWORDS = ['rate limit', 'quota exceeded', 'overloaded', 'try again']

/** How many pieces of a message are held before it is let go (or all of them). */
function heldPieces(pieces: readonly string[]): number {
  const judge = new KeywordJudge(KEYWORDS, () => 'hello')
  let text = ''
  for (const [index, piece] of pieces.entries()) {
    text += piece
    if (!judge.isOpen(text)) return index
  }
  return pieces.length
}

describe('KeywordJudge', () => {
  it('finds a keyword in a short answer, whatever its case', () => {
    const judge = new KeywordJudge(KEYWORDS, () => 'hello')
    expect(judge.find('Rate Limit reached')).toBe('rate limit')
    expect(judge.find('All is well')).toBeNull()
  })

  it('takes a long answer for an answer', () => {
    const judge = new KeywordJudge(KEYWORDS, () => 'hello')
    expect(judge.find(`A rate limit is ${'a long story '.repeat(50)}`)).toBeNull()
  })

  it('takes an answer to a question about the word for an answer', () => {
    expect(
      new KeywordJudge(KEYWORDS, () => 'What is a Rate Limit?').find('A rate limit is …'),
    ).toBeNull()
  })

  it.each([
    [['Rate', ' limit', ' reached']],
    [['E', 'rr', 'or: ', 'quota', ' exceeded']],
    [['Sorry, ', 'the model ', 'is over', 'loaded']],
    [['The ', 'server ', 'is ', 'overloaded']],
    [['当前', '请求过多, ', 'please ', 'try', ' again']],
    [['{"error"', ':"rate', ' limit"}']],
  ])('holds %j to its end', (pieces) => {
    expect(heldPieces(pieces)).toBe(pieces.length)
  })

  it.each([
    [['Hello', ' there'], 0],
    [['好的', '，没问题'], 0],
    [['Once', ' upon'], 0],
    [['The ', 'answer ', 'is 4'], 1],
    [['42 is', ' it'], 0],
  ])('lets %j go at once', (pieces, held) => {
    expect(heldPieces(pieces)).toBe(held)
  })

  it('lets an answer that only opens like an error go after a while', () => {
    const judge = new KeywordJudge(KEYWORDS, () => 'hello')
    expect(judge.isOpen(`Sorry to hear that. ${'We can talk. '.repeat(12)}`)).toBe(false)
  })
})
