import { describe, expect, it } from 'vitest'
import { isFrame, questionInside } from './templates.ts'

const FOUND = 'A proof of linearizability.\n问题：什么是证明？\nQuestion: what is a proof?'
const ASKED = 'when do they close?\n\n1. on Mondays\n2. on Sundays'

const FRAMES: readonly (readonly [
  name: string,
  frame: (found: string, asked: string) => string,
])[] = [
  [
    'QAnything',
    (found, asked) =>
      `参考信息：\n${found}\n---\n我的问题或指令：\n${asked}\n---\n请根据上述参考信息回答我的问题或回复我的指令。我的问题或指令是什么语种，你就用什么语种回复,\n你的回复：`,
  ],
  [
    'Cherry Studio',
    (found, asked) =>
      `Please answer the question based on the reference materials\n\n## Citation Rules:\n- Please cite the context at the end of sentences when appropriate.\n\n## My question is:\n\n${asked}\n\n## Reference Materials:\n\n${found}\n## My question is: none\n\nPlease respond in the same language as the user's question.\n`,
  ],
  [
    'Cherry Studio, Chinese',
    (found, asked) =>
      `请根据参考资料回答问题\n\n## 标注规则：\n- 请在适当的情况下在句子末尾引用上下文。\n\n## 我的问题是：\n\n${asked}\n\n## 参考资料：\n\n${found}\n\n请使用同用户问题相同的语言进行回答。\n`,
  ],
  [
    'Spring AI',
    (found, asked) =>
      `${asked}\n\nContext information is below, surrounded by ---------------------\n\n---------------------\n${found}\n---------------------\n\nGiven the context and provided history information and not prior knowledge,\nreply to the user comment.\n`,
  ],
  [
    'LobeChat',
    (found, asked) =>
      `${asked}\n\n<!-- SYSTEM CONTEXT (NOT PART OF USER QUERY) -->\n<context.instruction>following part contains context information injected by the system.\n</context.instruction>\n<files_info>\n<files>\n<file id="1" name="a.pdf">${found}</file>\n</files>\n</files_info>\n<!-- END SYSTEM CONTEXT -->`,
  ],
  [
    'ChatBox',
    (found, asked) =>
      `${asked}\n\n\n<ATTACHMENT_FILE>\n<FILE_INDEX>File 1</FILE_INDEX>\n<FILE_NAME>a.md</FILE_NAME>\n<FILE_CONTENT>\n${found}\n</FILE_CONTENT>\n</ATTACHMENT_FILE>\n`,
  ],
  ['Void', (found, asked) => `${asked}\n---\nSELECTIONS\na.ts:\n\`\`\`ts\n${found}\n\`\`\``],
  [
    'FastGPT',
    (found, asked) =>
      `使用 <Data></Data> 标记中的内容作为你的知识:\n\n<Data>\n${found}\n</Data>\n\n回答要求：\n- 使用与问题相同的语言回答。\n\n问题:"""${asked}"""`,
  ],
  [
    'FastGPT, strict',
    (found, asked) =>
      `忘记你已有的知识，仅使用 <QA></QA> 标记中的问答对进行回答。\n\n<QA>\n${found}\n</QA>\n\n思考流程：\n1. 判断问题是否与 <QA></QA> 标记中的内容有关。\n\n问题:"""${asked}"""`,
  ],
  [
    'Haystack',
    (found, asked) =>
      `\nGiven the following information, answer the question.\n\nContext:\n${found}\n\nQuestion: ${asked}\nAnswer:`,
  ],
  [
    'Haystack, documents',
    (found, asked) =>
      `Given these documents, answer the question.\nDocuments:\n${found}\nQuestion: ${asked}\nAnswer:`,
  ],
  [
    'Langchain-Chatchat',
    (found, asked) =>
      `<指令>根据已知信息，简洁和专业的来回答问题。 </指令>\n<已知信息>${found}</已知信息>\n<问题>${asked}</问题>\n`,
  ],
  [
    'MaxKB',
    (found, asked) =>
      `已知信息：${found}\n用户问题：${asked}\n回答要求：\n - 请使用中文回答用户问题`,
  ],
  [
    'Dify',
    (found, asked) =>
      `Use the following context as your learned knowledge, inside <context></context> XML tags.\n\n<context>\n${found}\n</context>\n\nWhen answer to user:\n- If you don't know, just say that you don't know.\n\nHuman: ${asked}\n\nAssistant: `,
  ],
  [
    'RAGFlow',
    (found, asked) =>
      `You are an intelligent assistant. Please summarize the content of the knowledge base to answer the question.\nHere is the knowledge base:\n${found}\nThe above is the knowledge base.\nHere is the question:\n${asked}`,
  ],
  [
    "DeepSeek's search",
    (found, asked) =>
      `# 以下内容是基于用户发送的消息的搜索结果:\n${found}\n在回答时，请注意以下几点：\n- 今天是周一。\n# 用户消息为：\n${asked}`,
  ],
  [
    "DeepSeek's files",
    (found, asked) =>
      `[file name]: a.md\n[file content begin]\n${found}\n[file content end]\n${asked}`,
  ],
]

describe('the question inside a frame', () => {
  it.each(FRAMES)('is the ask, what was found is not: %s', (_, frame) => {
    const text = frame(FOUND, ASKED)
    expect(questionInside(text)).toBe(ASKED)
    expect(isFrame(text.slice(0, 300))).toBe(true)
    expect(isFrame(text.replace(ASKED, '').trim())).toBe(true)
  })

  it.each([
    'Prove that 问题 is hard.',
    '我的问题或指令：帮我写一份总结',
    'My question is: why?\n## Reference Materials:\nnone',
    'How does Spring say "Context information is below, surrounded by"?',
    'What does <ATTACHMENT_FILE> mean?',
    '使用 <div></div> 标签写一个页面',
  ])('is not sought in what has none: %s', (text) => {
    expect(questionInside(text)).toBeNull()
    expect(isFrame(text)).toBe(false)
  })

  it('is sought in no time that grows faster than the text', () => {
    const began = performance.now()
    for (const part of ['\n', ' \n', '\n---', '<ATTACHMENT_FILE>', '# ']) {
      questionInside(part.repeat(200_000))
    }
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
