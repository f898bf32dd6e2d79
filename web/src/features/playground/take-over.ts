import { answerOf, messagesOf } from '@/features/requests/messages.ts'

/** A request of the log that was sent here: its last question, and what the system said before. */
export function takeOver(): { readonly system: string; readonly prompt: string } {
  const saved = sessionStorage.getItem('smartroute-playground')
  sessionStorage.removeItem('smartroute-playground')
  if (saved === null) return { system: '', prompt: '' }
  const messages = messagesOf(JSON.parse(saved))
  const system = messages.find(({ role }) => role === 'system' || role === 'developer')
  const last = messages.findLast(({ role }) => role === 'user') ?? answerOf(null)
  return { system: system?.text ?? '', prompt: last?.text ?? '' }
}
