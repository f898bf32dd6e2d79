import { describe, expect, it } from 'vitest'
import { isRefusal } from './plain-refusal.ts'

const refuses = (answer: string, ask = 'how do I do it'): boolean => isRefusal(answer, () => ask)

describe('a refusal in plain words', () => {
  it.each([
    "I'm sorry, but I can't help with that.",
    'I’m sorry, but I can’t assist with that request.',
    'Sorry, I cannot comply with this request.',
    "I can't help you with that.",
    'I apologize, but I am unable to provide that information.',
    "I'm really sorry, but I'm not able to discuss that topic. Is there anything else?",
    'As an AI language model, I cannot answer this question.',
    'I must respectfully decline.',
    "Unfortunately, I won't be able to help.".replace("won't be able to", "can't"),
    'I cannot provide medical advice.',
    "That's not something I can help with.",
    'I understand your frustration, but I cannot fulfill your request.',
    '抱歉，我无法回答这个问题。',
    '很抱歉，我不能提供这方面的信息。',
    '对不起，我无法满足您的请求。',
    '非常抱歉，我没办法帮助您完成这个请求。',
    '我无法协助。',
    '你好，这个问题我暂时无法回答，让我们换个话题再聊聊吧。',
    '作为一个人工智能语言模型，我还没学习如何回答这个问题，您可以向我问一些其它的问题。',
    '抱歉，我無法回答這個問題。',
  ])('is one: %s', (answer) => expect(refuses(answer)).toBe(true))

  it.each([
    'Lima.',
    "I'm sorry to hear that. Take a walk.",
    "I can't help but notice that the loop never ends.",
    "I'm sorry, but I can't find any mistake in this code.",
    'I cannot provide an exact number, but it is about 12.',
    "I'm sorry, but I can't help with that without seeing the file.",
    "I can't answer that yet. Could you provide the error message?",
    "I don't see an attachment.",
    "I can't do that with sed, but here is how with awk: awk '{print $2}'",
    "Unfortunately, I can't do it before Friday.",
    '无法连接服务器的原因是端口没有打开。',
    '抱歉，我无法打开这个文件，请提供内容。',
    '我不能同意这个观点，因为数据不支持它。',
    '抱歉让您久等了，答案是 42。',
    '我无法回答这个问题，因为您没有提供足够的背景。',
    `I'm sorry, but I can't help with that. ${'It is a long story. '.repeat(20)}`,
  ])('is none: %s', (answer) => expect(refuses(answer)).toBe(false))

  it('is none where a refusal was asked for', () => {
    const answer = "I'm sorry, but I can't help with that."
    expect(refuses(answer, 'Write a polite way to decline a request.')).toBe(false)
    expect(refuses('抱歉，我无法回答这个问题。', '帮我写一句委婉的拒绝')).toBe(false)
  })
})

describe('an answer made to be read in many ways', () => {
  it.each([
    'hi for '.repeat(43),
    `我无法回答${'此类'.repeat(40)}x`,
    'i understand a b c d sorry but '.repeat(9),
    '抱歉，'.repeat(99),
  ])('is read at once: %s', (answer) => expect(refuses(answer)).toBe(false))
})
