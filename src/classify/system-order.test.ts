import { describe, expect, it } from 'vitest'
import { readHumanAsk } from './human-ask.ts'
import type { Message } from './message.ts'
import { systemOrder } from './system-order.ts'

const say = (role: string, text: string): Message => ({
  role,
  text,
  images: 0,
  isToolResult: role === 'tool',
})
const order = (system: string): string | null =>
  systemOrder([say('system', system), say('user', 'Prove that every finite domain is a field.')])
    ?.text ?? null

describe('an order that stands in the system prompt', () => {
  it.each([
    'You are a conversation summarizer. Write a title of at most 10 words for the chat below.',
    'You are a title generator. You output ONLY a thread title. Nothing else.',
    'Summarize this coding conversation in a title under 50 characters.',
    'Generate a concise, sentence-case title (3-7 words) that captures the goal of this coding session. Return JSON with a "title" field.',
    'Analyze if this message starts a new topic of conversation. If it does, extract a 2-3 word title.',
    'Name the chat: give a 4-word name that says what the conversation is about.',
    '你是一名擅长会话的助理，你需要将用户的会话总结为 10 个字以内的标题',
    '请根据以下对话生成一个简短的标题，不要标点。',
    'You are a translation engine. Output the translation only.',
    'You are a professional translator. Keep the tone.',
    'Translate everything the user writes into French.',
    '你是一个翻译引擎，直接输出译文。',
    '你是一位精通简体中文的专业翻译。',
  ])('is what counts: %s', (system) => {
    expect(order(system)).toBe(system)
  })

  it.each([
    '',
    'You are a helpful assistant.',
    'You are a senior architect. Design distributed systems with care.',
    'You write blog posts. Give every post a catchy title and three sections.',
    'You are a support agent for a translation agency. Answer questions about orders.',
    'Answer in the language of the conversation. Be brief: under 50 words.',
    '你是一位资深小说家，章节要有标题。',
    '你是客服，请礼貌地回答关于会话套餐的问题。',
    `You are a title generator for conversations. ${'Rule. '.repeat(600)}`,
  ])('is none of an assistant with a character: %s', (system) => {
    expect(order(system)).toBeNull()
  })

  it('is read without the talk that it names, and with the text that it translates', () => {
    const read = (system: string, text: string): ReturnType<typeof readHumanAsk> =>
      readHumanAsk([say('system', system), say('user', text)])
    const title = 'Write a title of at most 5 words for this conversation.'
    const talk = 'user: Prove it.\nassistant: No.'
    const named = { phase: 'ask', text: title, earlier: [], asks: [`${title}\n\n${talk}`] }
    expect(read(title, talk)).toMatchObject(named)
    const engine = 'You are a translation engine.'
    expect(read(engine, 'Prove it.').text).toBe(`${engine}\n\nProve it.`)
  })

  it('leaves a tool loop and a conversation without a system prompt alone', () => {
    const system = say('system', 'You are a title generator for chats.')
    const loop = [system, say('user', 'go'), say('assistant', ''), say('tool', 'done')]
    expect(readHumanAsk(loop)).toMatchObject({ phase: 'tool_loop', text: 'go' })
    expect(systemOrder([say('user', 'Write a title for this conversation.')])).toBeNull()
    expect(systemOrder([])).toBeNull()
  })
})
