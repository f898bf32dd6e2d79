import { type Expected, type Fault, type Stage, streamOut } from '../stage.ts'

/** Events of a stream. A request that does not stream gets them too: some servers do that. */
export function sse(
  name: string,
  events: (stage: Stage) => readonly (string | Buffer)[],
  stream: Expected = 'answer',
  whole: Expected = stream === 'broken' ? 'answer' : stream,
): Fault {
  return {
    name: `sse-${name}`,
    level: 'sse',
    play: (stage) => streamOut(stage, events(stage)),
    stream,
    whole,
  }
}
