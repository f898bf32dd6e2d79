import type { Intent } from '../classify/classifier.ts'
import { readTier } from '../classify/llm.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { RouteRecord } from '../contract/exchange.ts'
import { masked } from '../kit/mask.ts'
import { redact } from '../kit/redact.ts'

type Judged = RouteRecord['classifier']

/** What is shown of the human's ask in the log. */
const ASK_CHARS_MAX = 500
/** The judge's words come cut to this. */
const JUDGE_CHARS_MAX = 200

/** The human's words for the log. A secret is looked for before anything is cut, or half of one would be shown. */
export function shownAsk({ logs, secrets }: Snapshot, intent: Intent): string | null {
  if (logs.bodies === 'none') return null
  const words = redact(intent.ask().said.slice(0, 4 * ASK_CHARS_MAX), secrets)
  return (logs.bodies === 'redacted' ? masked(words) : words).slice(0, ASK_CHARS_MAX)
}

/** A language model that judges an ask may repeat it: its words are kept no longer than the ask's. */
export function shownRecord(snapshot: Snapshot, record: Judged): Judged {
  const { logs, routing } = snapshot
  const isJudge = record !== null && record.model === routing.llm?.endpoint.id
  if (!isJudge || record.answer === null || logs.bodies === 'full') return record
  const { answer } = record
  // A cascade puts the local model's vote after it.
  const end = routing.classifier === 'cascade' ? answer.lastIndexOf('; local ') : -1
  const said = end === -1 ? answer : answer.slice(0, end)
  const [from = ''] = / \((?:cached|shared)\)$/.exec(said) ?? []
  const words = said.slice(0, said.length - from.length)
  const kept = logs.bodies === 'none' ? (readTier(words) ?? 'no tier') : maskedCut(words)
  return { ...record, answer: kept + from + (end === -1 ? '' : answer.slice(end)) }
}

/** What the cut left of an address or a number is no longer known for one. */
function maskedCut(words: string): string {
  const isCut = words.length >= JUDGE_CHARS_MAX
  return masked(isCut ? words.replace(/(?:\+?\d[\d -]*|\S+)$/, '…') : words)
}
