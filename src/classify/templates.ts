/** A frame that libraries put around a question: how it opens, what stands before the question and after it. */
interface Template {
  readonly opens: RegExp
  /** Global where the question comes last: the explanation and the findings may have the label too. */
  readonly label: RegExp
  readonly ends: RegExp | null
}

/** The first that opens a text and has its label: what is said in few words comes last. */
const TEMPLATES: readonly Template[] = [
  {
    opens: /^\s*Answer the following questions? as best (?:as )?you can/i,
    label: /(?:^|\n)[ \t]*Question:[ \t]*/g,
    ends: /\n[ \t]*(?:Thought|Action|Observation)\s*:/,
  },
  {
    opens:
      /^\s*(?:Context information is below|You are an assistant for question-answering tasks|Use (?:only )?the following (?:pieces of )?(?:retrieved )?context|Given the following (?:context|extracted parts|information, answer)|Given these documents, answer|(?:Please )?answer (?:the|my|a) (?:question|query)[^\n]{0,40}(?:based|using|with)[^\n]{0,60}(?:context|documents|information))/i,
    label: /(?:^|\n)[ \t]*(?:(?:User )?(?:Question|Query)|Human)\s*:[ \t]*/gi,
    ends: /\n[ \t]*(?:(?:Helpful |Final )?Answer|Context|Response|Assistant)\s*:/i,
  },
  {
    opens:
      /^\s*(?:Please answer the question based on the reference materials|请根据参考资料回答问题)/i,
    label: /\n[ \t]*## (?:My question is|我的问题是?)[:：]\s*/i,
    ends: /\n[ \t]*## (?:Reference Materials|参考资料)[:：]/i,
  },
  {
    opens: /^\s*参考信息[:：]/,
    label: /我的问题或指令[:：]\s*/g,
    ends: /\n[ \t]*-{3,}\s*(?:请根据|我的回答)|请根据上述参考信息/,
  },
  {
    opens:
      /^\s*(?:【指令】|<指令>|【?已知信息】?|(?:忘记你已有的知识，)?仅?使用 ?<(\w{1,20})><\/\1> ?标记中的|请?(?:根据|基于|使用|结合|参考)(?:以下|下面|上述|给定)?的?(?:已知信息|上下文|参考资料|资料|内容|知识库?|信息|文档))/,
    label:
      /【(?:用户)?问题】[:：]?\s*|<问题>\s*|(?:^|\n)[ \t]*(?:用户)?(?:问题|提问)(?:是)?[:：]\s*(?:"""|''')?/g,
    ends: /(?:"""|''')\s*$|<\/问题>|\n[ \t]*(?:【|(?:回答|答案|答)(?:要求)?[:：])/,
  },
  {
    opens:
      /^\s*# (?:The following contents are the search results related to the user's message|以下内容是基于用户发送的消息的搜索结果)/,
    label: /\n[ \t]*# (?:The user's message is|用户消息为)[:：]\s*/g,
    ends: null,
  },
  {
    opens: /^\s*\[file name\]: [^\n]*\n\[file content begin\]/,
    label: /\n\[file content end\]\s*/g,
    ends: null,
  },
  {
    opens:
      /^\s*(?:You are an intelligent assistant\. (?:Please )?(?:summarize|use) the content of the knowledge base|你是一个智能助手，请总结知识库的内容)/i,
    label:
      /(?:The above is the knowledge base\.?|以上是知识库。?)\s*(?:(?:Here is the (?:user's )?question|(?:用户)?问题(?:是)?)[:：]\s*)?/gi,
    ends: null,
  },
  {
    opens: /^\s*TOOLS\s*\n-{3,}/,
    label: /\nUSER'S INPUT\s*\n-{3,}\s*\nHere is the user's input[^\n]*\n+/g,
    ends: null,
  },
]

/** What applications put below the human's words: findings, files, selections. */
const APPENDED =
  /(?:^|\n)[ \t]{0,40}Context information is below, surrounded by -{3,}|<!-- SYSTEM CONTEXT \(NOT PART OF USER QUERY\) -->|<ATTACHMENT_FILE>\s*<FILE_INDEX>|(?:^|\n)---\nSELECTIONS\n/

/** The human's words inside a library's or an application's frame; null where there is none. */
export function questionInside(text: string): string | null {
  for (const template of TEMPLATES) {
    const question = template.opens.test(text) ? labelled(text, template) : null
    if (question !== null) return question
  }
  const appended = text.search(APPENDED)
  return appended < 0 ? null : text.slice(0, appended).trim() || null
}

/** Whether a text is such a frame, or the beginning of one. */
export function isFrame(text: string): boolean {
  return TEMPLATES.some(({ opens }) => opens.test(text)) || APPENDED.test(text)
}

function labelled(text: string, { label, ends }: Template): string | null {
  const found = label.global ? [...text.matchAll(label)].at(-1) : (label.exec(text) ?? undefined)
  if (found === undefined) return null
  const rest = text.slice(found.index + found[0].length)
  const end = ends === null ? -1 : rest.search(ends)
  const question = (end < 0 ? rest : rest.slice(0, end)).trim()
  return question || null
}
