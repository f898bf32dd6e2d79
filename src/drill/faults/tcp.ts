import {
  allEvents,
  answer,
  completion,
  type Fault,
  head,
  type Play,
  STREAM_HEAD,
  type Stage,
} from '../stage.ts'

const FOREVER_MS = 3_600_000
const SLICE = 64

function tcp(name: string, play: Play): Fault {
  return { name: `tcp-${name}`, level: 'tcp', play }
}

/** A whole answer as raw bytes, to be cut up by a fault. */
function rawAnswer(stage: Stage): Buffer {
  if (stage.stream) {
    const events = allEvents(stage).join('')
    const type = 'text/event-stream'
    return Buffer.from(head(200, { 'content-type': type, connection: 'close' }) + events)
  }
  const body = Buffer.from(JSON.stringify(completion(stage)))
  const start = head(200, { 'content-type': 'application/json', 'content-length': body.length })
  return Buffer.concat([Buffer.from(start), body])
}

async function sliced(stage: Stage, size: number): Promise<void> {
  const bytes = rawAnswer(stage)
  for (let at = 0; at < bytes.length; at += size) {
    stage.send(bytes.subarray(at, at + size))
    if ((at / size) % 16 === 0) await stage.sleep(0)
  }
  if (stage.stream) stage.close()
  else stage.done()
}

export const TCP_FAULTS: readonly Fault[] = [
  tcp('reset-before-head', (stage) => stage.reset()),
  tcp('close-before-head', (stage) => stage.close()),
  tcp('reset-late', async (stage) => {
    await stage.sleep(50)
    stage.reset()
  }),
  tcp('silence', (stage) => void stage.sleep(FOREVER_MS)),
  tcp('reset-in-head', (stage) => {
    stage.send('HTTP/1.1 200 OK\r\ncontent-ty')
    setTimeout(() => stage.reset(), 10)
  }),
  tcp('close-in-head', (stage) => {
    stage.send('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n')
    stage.close()
  }),
  tcp('half-a-status-line', (stage) => stage.send('HTTP/1.1 2')),
  tcp('head-then-silence', (stage) => stage.send(STREAM_HEAD)),
  tcp('head-then-reset', (stage) => {
    stage.send(STREAM_HEAD)
    setTimeout(() => stage.reset(), 10)
  }),
  tcp('head-then-close', (stage) => {
    stage.send(STREAM_HEAD)
    stage.close()
  }),
  tcp('drip', async (stage) => {
    for (const byte of rawAnswer(stage)) {
      if (stage.isClosed()) return
      stage.send(Buffer.from([byte]))
      await stage.sleep(100)
    }
  }),
  tcp('slices-of-64', (stage) => sliced(stage, SLICE)),
  tcp('byte-by-byte', (stage) => sliced(stage, 1)),
  tcp('closes-after-answer', async (stage) => {
    await answer(stage)
    stage.close()
  }),
  tcp('resets-after-answer', async (stage) => {
    await answer(stage)
    setTimeout(() => stage.reset(), 20)
  }),
]
