export interface DemoModel {
  readonly id: string
  readonly tier: 'T1' | 'T2' | 'T3'
  readonly sentences: number
  /** Pause before each word. */
  readonly pieceMs: number
}

export const DEMO_KEY = 'demo-key'
/** Where the simulated provider listens. A name, because its port is another one with each start. */
export const DEMO_URL_VARIABLE = 'SMARTROUTE_DEMO_URL'

export const DEMO_MODELS: readonly DemoModel[] = [
  { id: 'small', tier: 'T1', sentences: 2, pieceMs: 15 },
  { id: 'medium', tier: 'T2', sentences: 3, pieceMs: 25 },
  { id: 'large', tier: 'T3', sentences: 5, pieceMs: 40 },
]

/** The configuration of a gateway that has none: simulated models of three price levels. */
export function demoDocument(): string {
  return `version: 1
providers:
  demo: { base_url: "\${${DEMO_URL_VARIABLE}:-http://127.0.0.1:9/v1}", api_key: "${DEMO_KEY}", allow_private: true }
default_provider: demo
tiers:
  t1: { models: [demo/small] }
  t2: { models: [demo/medium] }
  t3: { models: [demo/large] }
prices:
  demo/small: { input: 0.1, output: 0.4 }
  demo/medium: { input: 0.5, output: 2 }
  demo/large: { input: 3, output: 12 }
routing:
  classifier: local
  fallback_tier: t2
  rules:
    - { keywords: ["hi", "hello", "hey", "thanks", "你好", "您好", "谢谢", "在吗"], whole: true, tier: t1 }
`
}
