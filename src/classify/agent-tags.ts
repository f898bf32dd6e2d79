const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/))

/** Blocks that only coding agents put around or beside the human's words. Lower-case tag names. */
export const AGENT_TAGS = words(
  `system-reminder system_reminder environment_details environment_context environment_info
  user_instructions additional_data additional_context attached_files attached_file current_file
  open_files recently_viewed_files open_and_recently_viewed_files user_info cursor_rules
  always_applied_workspace_rules user_rules agent_requestable_workspace_rules project_layout
  git_status agent_transcripts file_content file_contents final_file_content editor_context
  editorcontext workspace_info reminderinstructions usermemory todo_list tool_result tool_results
  tool_response tool_output tool_use tool_call function_results function_result function_calls
  observation output stdout stderr terminal terminals command-name command-message
  local-command-stdout local-command-stderr local-command-caveat bash-input bash-stdout bash-stderr
  linter_errors ide_selection ide_opened_file open_editors claudemd document_context
  retrieved_context manually_added_selection agent_notification task-notification
  conversation_summary error_details proposed_plan collaboration_mode available_skills
  subagent_notification turn_aborted user_shell_command previous_diff session_context supervisor
  info-msg hook_context user-prompt-submit-hook attachment_file files_info active_note note_context
  agent_history browser_state browser_vision read_state repository_info repository_instructions runtime_information extra_info explicit_instructions`,
)

/** Agents use these too, and so does who writes prompts: where nothing else is left, they are the prompt. */
export const LOOSE_TAGS = words(
  `env environment permissions context attachments attachment rules workspace repository reminder
  todos files file diagnostics selection memory memories summary skill skills system`,
)

/** Beside an agent's tags these are its own; alone they hold what the human wants. */
export const AGENT_SHEETS = words('instructions')

/** Wrappers whose content is the ask itself. */
export const ASK_TAGS = words(
  `user_query userquery user_request userrequest user_message usermessage user_prompt user-query
  user-request user_input user-message user_feedback`,
)

/** Wrappers of agents, and words of anybody's markup: they count beside an agent's tags, or alone. */
export const LOOSE_ASK_TAGS = words('task feedback query prompt request answer message')

/** What a command was given stands where the human typed it, before the text that the command means. */
export const PLAIN_TAGS = words('command-args')

/** All of them. */
export const KNOWN_TAGS: ReadonlySet<string> = new Set([
  ...AGENT_TAGS,
  ...LOOSE_TAGS,
  ...AGENT_SHEETS,
  ...ASK_TAGS,
  ...LOOSE_ASK_TAGS,
  ...PLAIN_TAGS,
])
