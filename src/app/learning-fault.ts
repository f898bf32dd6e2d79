import type { Logger } from 'pino'
import { type Language, say } from '../contract/message.ts'
import { learningMessages } from '../contract/messages/learning.ts'

/** What went wrong, or right again, with the files of learning. No request fails for it. */
export type LearningFault =
  | { readonly kind: 'unwritable'; readonly path: string; readonly detail: string }
  | { readonly kind: 'writable'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly detail: string }
  | { readonly kind: 'broken'; readonly path: string; readonly aside: string }

export function faultText(fault: LearningFault, language: Language): string {
  return say(learningMessages[fault.kind], language, { ...fault })
}

export function logFaults(log: Logger, language: Language): (fault: LearningFault) => void {
  return (fault) => {
    if (fault.kind === 'writable') log.info(faultText(fault, language))
    else log.error(faultText(fault, language))
  }
}
