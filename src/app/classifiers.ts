import { CascadeClassifier } from '../classify/cascade-classifier.ts'
import type { Classifiers } from '../classify/classifier.ts'
import { LlmClassifier } from '../classify/llm.ts'
import { type Learnt, LocalClassifier } from '../classify/local-classifier.ts'
import type { Clock } from '../kit/clock.ts'
import type { Dispatcher } from '../transport/transport.ts'
import { Asker } from '../upstream/ask.ts'
import { Learning } from './learning.ts'

/** Every classifier that a configuration can name. */
export function buildClassifiers(
  dispatcher: Dispatcher,
  clock: Clock,
  learnt?: Learnt,
): BuiltClassifiers {
  const local = new LocalClassifier(clock, learnt)
  const asker = new Asker(dispatcher, clock)
  const llm = new LlmClassifier(
    (endpoint, body, signal) => asker.ask(endpoint, body, signal),
    clock,
  )
  return { local, llm, cascade: new CascadeClassifier(local, llm), none: null }
}

type BuiltClassifiers = Classifiers & { readonly local: LocalClassifier }

/** What a gateway has learnt in its data folder, for decisions beside it. */
export function learntIn(dataDir: string): Learnt {
  const learning = new Learning(dataDir)
  // No decision is held out: the same question twice must get the same answer.
  return { residual: (now) => learning.residual(now), random: () => 1 }
}
