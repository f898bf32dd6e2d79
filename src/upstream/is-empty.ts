import type { AnswerFacts } from '../dialect/answer.ts'

/** Cut short by a limit or a filter is an answer; nothing at all is not. */
export function isEmpty(facts: Pick<AnswerFacts, 'text' | 'substance' | 'finishReason'>): boolean {
  if (facts.text !== '' || facts.substance) return false
  return facts.finishReason !== 'length' && facts.finishReason !== 'content_filter'
}
