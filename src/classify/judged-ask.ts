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

const ALONE = { earlier: [], proposal: '', surroundings: '' } as const
