import type { Problem } from '../config/problem.ts'
import { type Language, say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'

/** Every problem on a line that editors and terminals can jump to, then the count. */
export function printProblems(
  problems: readonly Problem[],
  path: string,
  language: Language,
): void {
  for (const { severity, line, column, message } of problems) {
    const place = line === 0 ? path : `${path}:${line}:${column}`
    const prefix = severity === 'warning' ? say(cliMessages.warning, language) : ''
    process.stderr.write(`${place}  ${prefix}${message}\n`)
  }
  const count = problems.filter((problem) => problem.severity === 'error').length
  if (count === 0) return
  process.stderr.write(`${say(cliMessages.configInvalid, language, { count, path })}\n`)
}
