/** A frame that libraries put around a question: how it opens, what stands before the question and after it. */
interface Template {
  readonly opens: RegExp
  readonly label: RegExp
  readonly ends: RegExp | null
}

const TEMPLATES: readonly Template[] = [
  {
    opens: /^\s*Answer the following questions? as best (?:as )?you can/i,
    label: /(?:^|\n)\s*Question:[ \t]*/g,
    ends: /\n\s*(?:Thought|Action|Observation)\s*:/,
  },
  {
    opens:
      /^\s*(?:Context information is below|You are an assistant for question-answering tasks|Use (?:only )?the following (?:pieces of )?(?:retrieved )?context|Given the following (?:context|extracted parts)|(?:Please )?answer (?:the|my|a) (?:question|query)[^\n]{0,40}(?:based|using|with)[^\n]{0,60}context)/i,
    label: /(?:^|\n)\s*(?:User )?(?:Question|Query)\s*:[ \t]*/gi,
    ends: /\n\s*(?:(?:Helpful |Final )?Answer|Context|Response|Assistant)\s*:/i,
  },
  {
    opens:
      /^\s*(?:【指令】|【?已知信息】?|请?(?:根据|基于|使用|结合|参考)(?:以下|下面|上述|给定)?的?(?:已知信息|上下文|参考资料|资料|内容|知识库?|信息|文档))/,
    label: /【(?:用户)?问题】[:：]?\s*|(?:^|\n)\s*(?:用户)?(?:问题|提问)(?:是)?[:：]\s*/g,
    ends: /\n\s*(?:【|(?:回答|答案|答)[:：])/,
  },
  {
    opens: /^\s*TOOLS\s*\n-{3,}/,
    label: /\nUSER'S INPUT\s*\n-{3,}\s*\nHere is the user's input[^\n]*\n+/g,
    ends: null,
  },
]

/** The question inside a library's template for retrieval or tools; null where there is none. */
export function questionInside(text: string): string | null {
  for (const { opens, label, ends } of TEMPLATES) {
    if (!opens.test(text)) continue
    // The template's own explanation may have the label too; the question's is the last one.
    const found = [...text.matchAll(label)].at(-1)
    if (found === undefined) return null
    const rest = text.slice(found.index + found[0].length)
    const end = ends === null ? -1 : rest.search(ends)
    const question = (end < 0 ? rest : rest.slice(0, end)).trim()
    return question === '' ? null : question
  }
  return null
}
