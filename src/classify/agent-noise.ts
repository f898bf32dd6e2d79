/** What a message holds once the machinery around the human's words is taken away. */
export interface Stripped {
  /** The human's words; empty where a message has none. */
  readonly human: string
  /** What was taken away, joined: it helps where the human only says "go on". */
  readonly noise: string
}

/** Blocks that coding agents put around or beside the human's words. Lower-case tag names. */
const NOISE_TAGS: ReadonlySet<string> = new Set(
  `system-reminder system_reminder environment_details environment_context environment_info env
  environment user_instructions instructions permissions context additional_data additional_context
  attached_files attached_file attachments attachment current_file open_files recently_viewed_files
  open_and_recently_viewed_files user_info rules cursor_rules always_applied_workspace_rules
  user_rules agent_requestable_workspace_rules project_layout git_status agent_transcripts
  file_content file_contents final_file_content files file editor_context editorcontext
  workspace_info workspace repository reminder reminderinstructions usermemory todo_list todos
  tool_result tool_results tool_response tool_output tool_use tool_call function_results
  function_result function_calls observation output stdout stderr terminal terminals command-name
  command-message local-command-stdout local-command-stderr local-command-caveat bash-input
  bash-stdout bash-stderr linter_errors diagnostics selection ide_selection ide_opened_file
  open_editors memory memories claudemd document_context retrieved_context manually_added_selection
  agent_notification task-notification conversation_summary summary error_details
  proposed_plan collaboration_mode skill skills available_skills subagent_notification
  turn_aborted user_shell_command previous_diff system`.split(/\s+/),
)

/** Wrappers whose content is the ask itself. */
const ASK_TAGS: ReadonlySet<string> = new Set(
  `task user_query userquery user_request userrequest user_message usermessage user_prompt feedback
  user-query user-request user_input user-message query prompt request answer command-args
  user_feedback message`.split(/\s+/),
)

/** Only the machinery of agents is worth a long look; a pasted page has other tags. */
const TAG = /<([a-zA-Z][\w-]{1,40})(?:\s[^<>]{0,200})?>/g
const TAGS_MAX = 200

/** `[execute_command for 'npm test'] Result:`, `[read_file] 返回：`, `[工具结果] git status` */
const TOOL_HEADER =
  /^\s*(?:\[(?:[A-Za-z_][\w .:-]{0,40}(?: for '[^'\n]{0,300}')?|(?:MCP )?[tT]ool[^\]\n]{0,60}|工具[^\]\n]{0,20}|命令[^\]\n]{0,20}|command|terminal|output)\](?: ?(?:Result|结果|返回|输出|result|output)[:：]?)?|(?:Tool|Function|Command) (?:result|output)[^\n]{0,60}:|Observation:|OBSERVATION:|EXECUTION RESULT[^\n]{0,60}:)/

/** A line that says that the human speaks now. */
const HUMAN_MARKER =
  /(?:^|\n)[ \t]*(?:#{1,3} ?|\*{2})?(?:User|Human|USER|My request(?: for \w+)?|User(?:'s)? (?:message|request|query|input)|用户(?:消息|输入|请求|提问|说)?|使用者|ユーザー|사용자)(?:\*{2})?(?:[ \t]*[:：]|[ \t]*\n)[ \t]*/g

/** Takes the agent's machinery away from one message of role user. Linear in its length. */
export function stripAgentNoise(text: string): Stripped {
  const noise: string[] = []
  const asks: string[] = []
  const rest = text.includes('<') ? stripTags(text, noise, asks) : text
  const outside = stripToolOutput(rest, noise)
  const wrapped = asks.map((ask) => ask.trim()).filter((ask) => ask !== '')
  // Where an agent wraps the ask, whatever stands outside the wrapper is its own text.
  if (wrapped.length > 0) {
    if (outside !== '') noise.push(outside)
    return { human: wrapped.join('\n'), noise: noise.join('\n').trim() }
  }
  return { human: outside, noise: noise.join('\n').trim() }
}

/** Text outside of known tags; the insides go to `noise` or `asks`. */
function stripTags(text: string, noise: string[], asks: string[]): string {
  const kept: string[] = []
  let from = 0
  TAG.lastIndex = 0
  for (let count = 0; count < TAGS_MAX; count++) {
    const match = TAG.exec(text)
    if (match === null) break
    const name = (match[1] ?? '').toLowerCase()
    const isAsk = ASK_TAGS.has(name)
    if (!isAsk && !NOISE_TAGS.has(name)) continue
    const start = match.index + match[0].length
    const close = text.indexOf(`</${match[1] ?? ''}`, start)
    // An open tag without its end is a word of the human's: HTML, a placeholder, a generic type.
    if (close < 0) continue
    kept.push(text.slice(from, match.index))
    const end = text.indexOf('>', close)
    const inside = text.slice(start, close)
    if (isAsk) asks.push(inside.includes('<') ? stripTags(inside, noise, []) : inside)
    else noise.push(inside)
    from = end < 0 ? text.length : end + 1
    TAG.lastIndex = from
  }
  kept.push(text.slice(from))
  return kept.join('\n').trim()
}

/** Results that agents paste as plain text before the human's words. */
function stripToolOutput(text: string, noise: string[]): string {
  const isTool = TOOL_HEADER.test(text.slice(0, 500))
  const isSheet = /^\s*#{1,3} ?(?:AGENTS|CLAUDE|GEMINI)\.md|^\s*You are [A-Z]/.test(text)
  if (!isTool && !isSheet) return text.trim()
  const marked = afterMarker(text)
  if (marked !== null) {
    noise.push(text.slice(0, marked))
    return text.slice(marked).trim()
  }
  return isTool ? afterOutput(text, noise) : text.trim()
}

function afterMarker(text: string): number | null {
  let at: number | null = null
  for (const match of text.matchAll(HUMAN_MARKER)) at = match.index + match[0].length
  return at === null || text.slice(at).trim() === '' ? null : at
}

/** Without a marker the human's words are the last paragraph, if that is none of the machine's. */
function afterOutput(text: string, noise: string[]): string {
  const trimmed = text.trim()
  const gap = trimmed.lastIndexOf('\n\n')
  const last = gap < 0 ? '' : trimmed.slice(gap).trim()
  if (last !== '' && looksHuman(last)) {
    noise.push(trimmed.slice(0, gap))
    return last
  }
  const line = trimmed.slice(trimmed.lastIndexOf('\n') + 1).trim()
  if (line !== trimmed && line.length <= 80 && looksHuman(line)) {
    noise.push(trimmed.slice(0, -line.length))
    return line
  }
  noise.push(trimmed)
  return ''
}

function looksHuman(text: string): boolean {
  if (TOOL_HEADER.test(text)) return false
  if (
    /^(?:[\w./-]+:\d+|\s*at |error\b|warning\b|\[|\{|\||=+|-{3,}|\$ |> |[-+]{3} |diff |step \d)/i.test(
      text,
    )
  ) {
    return false
  }
  const letters = text.match(/[\p{L}\s,.?!'，。？！、]/gu)?.length ?? 0
  return letters / text.length > 0.6
}
