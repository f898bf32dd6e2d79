import { describe, expect, it } from 'vitest'
import { withoutCourtesy } from './courtesy.ts'

describe('an ask without its courtesies', () => {
  it.each([
    ['hello, could you please help me with this? sort a list in python', 'sort a list in python'],
    [
      'hi! sorry to bother you. please translate "cat" into french. many thanks.',
      'translate "cat" into french.',
    ],
    [
      'good morning, i hope you are well. i need some help with the following.\n\nprove it',
      'prove it',
    ],
    ['can you help me write an essay', 'write an essay'],
    ['你好，麻烦帮我看一下这个，谢谢：证明根号二是无理数', '证明根号二是无理数'],
    ['您好！请问一下：今天几号', '今天几号'],
    ['不好意思打扰了，写一封请假邮件。非常感谢', '写一封请假邮件。'],
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

const ASK = 'write a parser for json.'

describe('an ask between whole clauses of courtesy', () => {
  it.each([
    ['hi! hope you are doing well. ', ''],
    ['hope this finds you well and all is good. ', ''],
    [
      'sorry to bother you, i was wondering whether you might be able to help me out with something: ',
      '',
    ],
    ["good morning, i'd really appreciate your help on this one. ", ' thanks so much in advance!'],
    ['i’m a bit stuck and would love some assistance please.\n', ''],
    ['hey team, quick one for you whenever you get a minute - much appreciated! ', ' cheers mate'],
    ['sorry, quick question: ', ''],
    ['hello assistant 👋 :) ', ' thank you 🙏'],
    ['', ' take your time, no rush. many thanks and kind regards, anna'],
    ['', '\n\nthanks,\nanna smith'],
    ['', ' hope you can help! best wishes, tom'],
    ['guten tag, ', ' vielen dank im voraus!'],
    ['bonjour, ', ' merci beaucoup'],
    ['hola! ', ' muchas gracias'],
  ])('"%s" and "%s" is the ask alone', (before, after) => {
    expect(withoutCourtesy(`${before}${ASK}${after}`)).toBe(ASK)
  })

  it.each([
    ['您好，打扰一下，', ''],
    ['不好意思，想请教您一个问题：', ''],
    ['早上好，辛苦您帮忙看看。', ' 非常感谢您的帮助！'],
    ['我有点卡住了，希望能得到您的帮助。', ''],
    ['各位大佬，小弟有个问题想请教一下，先谢过了。', ' 非常感激！'],
    ['你好 ', ' 谢谢'],
    ['你好呀，可以帮我一个忙吗？', ' 拜托了，真的很急！'],
    ['', ' 不着急，慢慢来，祝您工作顺利。'],
    ['すみません、', 'よろしくお願いします。'],
    ['안녕하세요, ', ' 감사합니다'],
  ])('"%s" and "%s" is the Chinese ask alone', (before, after) => {
    expect(withoutCourtesy(`${before}写一个解析器。${after}`)).toBe('写一个解析器。')
  })

  it.each([
    'please help me',
    'hi! thank you so much',
    'hello, please help me out with this one',
    'sorry, my server is down',
    'thanks to gravity, apples fall',
    'dear john letter: what is it',
    'hope is a theme in hamlet. discuss',
    'this morning, prices rose',
    'hello world in rust',
    'hello.py crashes on start',
    'hi-fi speakers under 300',
    'what do these mean: hi, hello, hey',
    'write about faith, love, hope',
    'ok. thanks, continue',
    'translate to german: thank you so much',
    'translate "thank you so much"',
    '你好，谢谢',
    '请翻译：谢谢您的帮助',
    '写一首诗，感谢老师',
    '写一段祝福，祝您工作顺利',
  ])('keeps "%s", whose clauses say more or are all there is', (text) => {
    expect(withoutCourtesy(text)).toBe(text)
  })

  it('leaves the question mark of the ask', () => {
    expect(withoutCourtesy("what's 2 + 2, please?")).toBe("what's 2 + 2?")
  })

  it('is found in a time that does not grow with the text', () => {
    const texts = ['x', 'hi, ', 'please ', '谢谢', ' ', '!'].map((one) => `${one.repeat(5e4)}x`)
    const startedAt = performance.now()
    for (const text of texts) withoutCourtesy(text)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
