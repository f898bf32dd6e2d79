import { describe, expect, it } from 'vitest'
import { readHumanAsk } from './human-ask.ts'
import type { Message } from './message.ts'
import { standingOrder } from './standing-order.ts'

const say = (role: string, text: string): Message => ({
  role,
  text,
  images: 0,
  isToolResult: role === 'tool',
})
const HARD = 'Prove that every finite domain is a field.'
const order = (system: string): ReturnType<typeof standingOrder> =>
  standingOrder([say('system', system), say('user', HARD)])

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
    'Reply with only a description in four words or less',
    'You are in a role play game. Read the following conversation.\nThen select the next role from [a, b] to play. Only return the role.',
    'You are the component that summarizes internal chat history into a given structure.',
    'You are an expert software engineer that generates concise, one-line Git commit messages based on the provided diffs.\nReply only with the one-line commit message.',
    'You are an AI programming assistant, helping a software developer to come with the best git commit message for their code changes.',
    'Generate a concise git commit message written in present tense for the following code diff.',
  ])('counts without the talk that it names: %s', (system) => {
    expect(order(system)).toEqual({ text: system, material: 'none' })
  })

  it.each([
    'You are a translation engine. Output the translation only.',
    'You are a professional translator. Keep the tone.',
    'Translate everything the user writes into French.',
    '你是一个翻译引擎，直接输出译文。',
    '你是一位精通简体中文的专业翻译。',
    'Please classify the text provided by the user into one of the following categories: news, sport, other. Output the category only.',
    'You are an expert extraction algorithm. Only extract relevant information from the text.',
    'You are a content moderator. Answer only "safe" or "unsafe".',
    'Rewrite the user question into a search query. Do not answer it.',
    '对下面的文章润色，直接返回结果，不要解释。',
  ])('counts with a text where that is long: %s', (system) => {
    expect(order(system)).toEqual({ text: system, material: 'long' })
  })

  it.each([
    'Detect the language of the text. Reply with one word.',
    'Determine whether the message is right. Answer only yes or no.',
    '请判断用户输入文本的情感，只输出正面或负面。',
  ])('counts with the text that it is done with: %s', (system) => {
    expect(order(system)).toEqual({ text: system, material: 'all' })
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
    'You are an expert developer that writes code, tests, commit messages and documentation.',
    'You are a tutor. Decide how to explain. Keep answers short.',
    'You are a helpful assistant. Only answer questions about our shop.',
    'You are a git expert. You review code, write commit messages and explain merges.',
    'Reply with only the name of the city.',
    'You are an intelligent assistant. Please summarize the content of the knowledge base to answer the question.\nHere is the knowledge base:\nWe only open on Mondays.',
    'Answer the current question of the user. Return only your response.\nContext:\nRate the reviews and identify the texts.',
    '你是一个智能助手，请总结知识库的内容来回答问题。\n以下是知识库：\n本店不输出发票。',
    `You are a title generator for conversations. ${'Rule. '.repeat(600)}`,
  ])('is none of an assistant with a character: %s', (system) => {
    expect(order(system)).toBeNull()
  })

  it('is read with as much of the material as tells how much work it is', () => {
    const read = (system: string, text: string): ReturnType<typeof readHumanAsk> =>
      readHumanAsk([say('system', system), say('user', text)])
    const title = 'Write a title of at most 5 words for this conversation.'
    const talk = 'user: Prove it.\nassistant: No.'
    const named = { phase: 'ask', text: title, earlier: [], asks: [`${title}\n\n${talk}`] }
    expect(read(title, talk)).toMatchObject(named)
    const engine = 'You are a translation engine.'
    expect(read(engine, HARD).text).toBe(engine)
    const long = 'It is so. '.repeat(200)
    expect(read(engine, long).text).toBe(`${engine}\n\n${long.trim()}`)
    const sort = 'Classify the text as news or sport. Output one word.'
    expect(read(sort, HARD).text).toBe(sort)
    const check = 'Determine whether the message is right. Answer only yes or no.'
    expect(read(check, HARD).text).toBe(`${check}\n\n${HARD}`)
  })

  it('is found among several system prompts, behind the talk, and alone', () => {
    const title = 'Generate a title (3-7 words) for this coding session.'
    const code = say('system', 'You are a coding agent.')
    expect(standingOrder([code, say('system', title), say('user', HARD)])?.text).toBe(title)
    const summary = '简要总结一下对话内容，用作后续的上下文提示 prompt，控制在 200 字以内'
    const talk = [say('user', HARD), say('assistant', 'Let us see.')]
    expect(readHumanAsk([...talk, say('system', summary)])).toMatchObject({
      text: summary,
      earlier: [],
    })
    expect(readHumanAsk([...talk, say('system', 'Stay in character.')]).text).toBe(HARD)
    expect(readHumanAsk([say('system', title)])).toMatchObject({ text: title, phase: 'ask' })
  })

  it('leaves a tool loop and a conversation without a system prompt alone', () => {
    const system = say('system', 'You are a title generator for chats.')
    const loop = [system, say('user', 'go'), say('assistant', ''), say('tool', 'done')]
    expect(readHumanAsk(loop)).toMatchObject({ phase: 'tool_loop', text: 'go' })
    expect(standingOrder([say('user', 'Write a title for this conversation.')])).toBeNull()
    expect(standingOrder([])).toBeNull()
  })
})

describe('what is asked about the talk', () => {
  it.each([
    'Please generate a four to five word title summarizing our conversation without any lead-in.',
    'Based on the conversation so far, provide a description of this session in 4 words or less.',
    "[SUGGESTION MODE: Suggest what the user might naturally type next into Claude Code.]\nStay silent if it isn't obvious.",
    'Your task is to create a detailed summary of the conversation so far.',
    'Suggest 3 follow-up questions that the user may ask next.',
    '使用四到五个字直接返回这句话的简要主题，不要解释，这是对话的标题',
    '请简要总结一下以上对话',
  ])('is judged without it: %s', (text) => {
    const talk = [say('user', HARD), say('assistant', 'Let us see.'), say('user', text)]
    expect(readHumanAsk(talk)).toMatchObject({ text, earlier: [], proposal: '', phase: 'ask' })
  })

  it('is not what goes on in the talk', () => {
    const talk = [say('user', HARD), say('assistant', 'Let us see.'), say('user', 'shorter?')]
    expect(readHumanAsk(talk)).toMatchObject({ text: 'shorter?', earlier: [HARD] })
  })
})
