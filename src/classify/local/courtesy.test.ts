import { describe, expect, it } from 'vitest'
import { withoutCourtesy } from './courtesy.ts'

describe('an ask without its courtesies', () => {
  it.each([
    ['hello, could you please help me with this? sort a list in python', 'sort a list in python'],
    [
      'hi! sorry to bother you. please translate "cat" into french. many thanks.',
      'translate "cat" into french',
    ],
    [
      'good morning, i hope you are well. i need some help with the following.\n\nprove it',
      'prove it',
    ],
    ['can you help me write an essay', 'write an essay'],
    ['你好，麻烦帮我看一下这个，谢谢：证明根号二是无理数', '证明根号二是无理数'],
    ['您好！请问一下：今天几号', '今天几号'],
    ['不好意思打扰了，写一封请假邮件。非常感谢', '写一封请假邮件'],
    ['请问法国的首都是哪里', '法国的首都是哪里'],
  ])('%s', (text, ask) => {
    expect(withoutCourtesy(text)).toBe(ask)
  })

  it.each([
    'hello',
    'hi there!',
    '谢谢',
    '你好',
    'thank you so much',
    'can you help me?',
    '在吗？',
    '',
  ])('leaves "%s", which is nothing else', (text) => {
    expect(withoutCourtesy(text)).toBe(text)
  })

  it.each([
    'history of the hellenic world',
    'heyday of rome: when was it',
    'pleasure and pain in bentham',
    'please-mode flag in the cli does nothing',
    '你好用的软件有哪些',
    '感谢信怎么写',
    '麻烦的约束怎么建模',
  ])('leaves words that only look like one: %s', (text) => {
    expect(withoutCourtesy(text).length).toBeGreaterThanOrEqual(text.length - 'please-'.length)
  })
})
