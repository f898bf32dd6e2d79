import { describe, expect, it } from 'vitest'
import { type HumanAsk, readHumanAsk } from './human-ask.ts'
import { judgedAsk } from './judged-ask.ts'

const HARD = 'Design a zero-downtime migration of our ledger and prove that no row is lost.'
const PLAN = 'Here is the plan. Shall I go on?'
const said = (role: string, text: string) => ({ role, text, images: 0, isToolResult: false })
const after = (text: string): HumanAsk =>
  judgedAsk(readHumanAsk([said('user', HARD), said('assistant', PLAN), said('user', text)]))
const alone = (text: string): HumanAsk => judgedAsk(readHumanAsk([said('user', text)]))

describe('an ask as it is judged', () => {
  it.each([
    ...'thanks!|thank you, that helps|ok thanks, bye|hi|great, thanks a lot!|Goodbye, see you later'.split(
      '|',
    ),
    ...'谢谢|好的，谢谢|你好|再见|辛苦了|太棒了，非常感谢你的帮助|merci beaucoup|ありがとうございます'.split(
      '|',
    ),
    ...'tell me a joke|can you tell me another joke please?|how are you?|讲个笑话|你是谁？|在吗'.split(
      '|',
    ),
  ])('is thanks, a greeting, small talk without what was said before: %s', (text) => {
    expect(after(text)).toMatchObject({ text, said: text, earlier: [], proposal: '' })
  })

  it.each([
    ...'谢谢，错了|谢谢，没有用|谢谢，这样有问题|谢谢，不对|can you make it shorter?|thanks, is that right?|thanks, now prove it|hello, what is this'.split(
      '|',
    ),
    ...'谢谢，再证明一遍|你好，这个对吗？|谢谢，这样可以吗|why?|tell me a joke about the plan you made'.split(
      '|',
    ),
  ])('keeps what was said before where it is about it: %s', (text) => {
    expect(after(text)).toMatchObject({ text, earlier: [HARD] })
  })

  it('keeps the work that a continuation continues', () => {
    expect(after('yes, go on')).toMatchObject({ text: HARD, phase: 'continuation', proposal: PLAN })
  })

  const follow = 'Suggest 3 follow-up questions that the user may ask next.'
  const predict =
    'Please help me predict the three most likely questions that human would ask.\n["question1"]\n\nquestions:'
  it.each([
    [`${follow}\n<chat_history>\nUSER: ${HARD}\nASSISTANT: ${PLAN}\n</chat_history>`, follow],
    [`${follow}\n\nUser: ${HARD}\nAI: ${PLAN}`, follow],
    [`${follow}\n\n||>User:\n"${HARD}"\n||>Response:\n"${PLAN}"`, follow],
    [`Human: ${HARD}\nAssistant: ${PLAN}\n\n${predict}\n`, predict],
  ])('is the order where the talk stands in one message with it: %j', (text, order) => {
    expect(alone(text).text).toBe(order)
  })

  it.each([
    `User: ${HARD}\nAssistant: ${PLAN}\nUser: go on`,
    `Say who is right.\n<chat_history>\nUSER: ${HARD}\n</chat_history>`,
    'Explain the <history> tag of our format.',
  ])('is the whole text where nothing about a talk is ordered: %s', (text) => {
    expect(alone(text).text).toBe(text)
  })

  it('has the findings for its question neither in it nor beside it', () => {
    const text = `Given these documents, answer the question.\nDocuments:\n${HARD}\nQuestion: when do they close?\nAnswer:`
    expect(alone(text)).toMatchObject({ text: 'when do they close?', surroundings: '' })
    const files = `go there\n<open_files>a.ts</open_files>`
    expect(alone(files)).toMatchObject({ text: 'go there', surroundings: 'a.ts' })
  })
})
