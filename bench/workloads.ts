/** What is measured. Sizes and rates follow what gateways see: a chat turn, a long prompt, streams. */
export interface Workload {
  readonly name: string
  readonly title: string
  readonly kind: 'requests' | 'streams'
  /** Keep-alive connections, each with one request at a time. */
  readonly connections: number
  readonly promptBytes: number
  readonly stream: boolean
  /** Paced streams: pieces per second of each. */
  readonly chunksPerSecond: number | null
}

const requests = { kind: 'requests', stream: false, chunksPerSecond: null } as const

export const WORKLOADS: readonly Workload[] = [
  { ...requests, name: 'W1', title: '1 KB in, 1 KB out', connections: 64, promptBytes: 800 },
  { ...requests, name: 'W2', title: '400 KB in, 2 KB out', connections: 16, promptBytes: 400_000 },
  {
    ...requests,
    name: 'W3',
    title: 'stream of 60 chunks at once',
    connections: 64,
    promptBytes: 800,
    stream: true,
  },
  {
    name: 'W4',
    title: '500 streams, 20 chunks/s each',
    kind: 'streams',
    connections: 500,
    promptBytes: 800,
    stream: true,
    chunksPerSecond: 20,
  },
  {
    name: 'S1000',
    title: '1,000 streams, 20 chunks/s each',
    kind: 'streams',
    connections: 1_000,
    promptBytes: 800,
    stream: true,
    chunksPerSecond: 20,
  },
]

/** The word that the gateway's rules see; they send each workload to its own tier. */
const WORDS: Readonly<Record<string, string>> = {
  W1: 'workload-one',
  W2: 'workload-two',
  W3: 'workload-three',
}

export function requestBody({ name, promptBytes, stream, chunksPerSecond }: Workload): string {
  const filler = 'The quick brown fox jumps over the lazy dog, again and again. 敏捷的狐狸。'
  const content = filler
    .repeat(Math.ceil(promptBytes / Buffer.byteLength(filler)))
    .slice(0, promptBytes)
  const messages = [
    { role: 'system', content: 'You are helpful.' },
    { role: 'user', content: `${content} ${WORDS[name] ?? 'paced'}` },
  ]
  return JSON.stringify({
    model: chunksPerSecond === null ? 'auto' : 'paced',
    temperature: 0.5,
    stream,
    messages,
  })
}
