import type { Classifiers } from '../classify/classifier.ts'
import type { Snapshot } from '../config/snapshot.ts'
import type { Clock } from '../kit/clock.ts'
import type { Admission } from '../resilience/admission.ts'
import type { Guards } from '../resilience/guards.ts'
import type { Recorder } from '../telemetry/recorder.ts'
import type { Dispatcher } from '../transport/transport.ts'
import type { Authenticator } from './authenticate.ts'
import type { Lessons } from './lessons.ts'
import type { Sessions } from './sessions.ts'
import type { AnsweredAsks } from './weak-lessons.ts'

/** Everything the data plane needs; built in `app.ts` and nowhere else. */
export interface GatewayDeps {
  /** The configuration of this moment. Read once per request. */
  readonly current: () => Snapshot
  readonly clock: Clock
  readonly random: () => number
  readonly authenticator: Authenticator
  readonly classifiers: Classifiers
  readonly guards: Guards
  readonly admission: Admission
  readonly sessions: Sessions
  readonly lessons: Lessons
  readonly answeredAsks: AnsweredAsks
  readonly dispatcher: Dispatcher
  readonly recorder: Recorder
  /** An exception that no code expected: logged with the request's id. */
  readonly onBug: (cause: unknown, requestId: string) => void
}
