import type { HumanAsk } from './human-ask.ts'
import { isSmallTalk } from './small-talk.ts'
import { orderBesideTalk } from './talk-inside.ts'
import { isFrame } from './templates.ts'

/**
 * An ask as it is judged, where what stands around it does not make it harder: thanks after a
 * proof, an order about a talk that it brings along, a question with what was found for it. The
 * ask itself stays as it was said.
 */
export function judgedAsk(ask: HumanAsk): HumanAsk {
  const order = orderBesideTalk(ask.text)
  if (order !== null) return { ...ask, text: order, ...ALONE }
  if (ask.phase === 'ask' && ask.images === 0 && isSmallTalk(ask.text)) return { ...ask, ...ALONE }
  return isFrame(ask.surroundings) ? { ...ask, surroundings: '' } : ask
}

/** What is told of an ask to a judge that reads it. */
interface Told {
  /** The ask that counts, after what was asked before it. */
  readonly turns: readonly string[]
  /** "Go on" and the like, where that was said last: one turn with the ask that it continues. */
  readonly said: string | null
}

export function toldOf(ask: HumanAsk): Told {
  const { earlier, text } = judgedAsk(ask)
  // Of the ask as it was said: the order alone is not what was said last, and that has the talk in it.
  return { turns: [...earlier, text], said: ask.said === ask.text ? null : ask.said }
}

const ALONE = { earlier: [], proposal: '', surroundings: '' } as const
