import type { Usage } from '../contract/exchange.ts'
import { asArray, asObject, asText, type JsonObject } from '../kit/json-value.ts'
import { type ProviderError, readProviderError } from './error-body.ts'
import { readUsage } from './usage.ts'

/** What one stream chunk or one whole completion says about the answer. */
export interface AnswerFacts {
  readonly error: ProviderError | null
  /** Text of the first choice. */
  readonly text: string
  /** Something that is an answer without being text: reasoning, tool calls, a refusal, audio. */
  readonly substance: boolean
  /** Something that cannot be continued by another model: tool calls, a refusal, audio. */
  readonly structured: boolean
  /** The last finish_reason that is not null or empty. */
  readonly finishReason: string | null
  /** How many choices end here, and the highest choice index seen (-1: no choices). */
  readonly finished: number
  readonly indexMax: number
  readonly usage: Usage | null
  readonly hasUsage: boolean
}

/** Finish reasons with which vendors report a failure inside a 200 (GLM, DeepSeek, OpenRouter). */
const FAILED_FINISH = new Set(['error', 'network_error', 'insufficient_system_resource', 'aborted'])

/** Reads a parsed chat.completion.chunk or chat.completion; unknown fields are none of its business. */
export function readAnswer(value: unknown): AnswerFacts {
  const body = asObject(value)
  if (body === null) return failed(readProviderError(value) ?? notAnObject)
  const error = readProviderError(body)
  return error === null ? readChoices(body) : failed(error)
}

function readChoices(body: JsonObject): AnswerFacts {
  let text = ''
  let substance = false
  let structured = false
  let finishReason: string | null = null
  let finished = 0
  let indexMax = -1
  for (const item of asArray(body['choices'])) {
    const choice = asObject(item)
    if (choice === null) continue
    const inner = choice['error'] === undefined ? null : readProviderError(choice)
    if (inner !== null) return failed(inner)
    const part = asObject(choice['delta']) ?? asObject(choice['message']) ?? NOTHING
    text += contentText(part['content'])
    substance ||= hasSubstance(part)
    structured ||= isStructured(part)
    const finish = asText(choice['finish_reason']) || null
    finishReason = finish ?? finishReason
    finished += finish === null ? 0 : 1
    indexMax = Math.max(indexMax, indexOf(choice))
  }
  if (finishReason !== null && FAILED_FINISH.has(finishReason)) {
    return failed({ message: finishReason, code: finishReason, type: null, param: null })
  }
  const usage = readUsage(body['usage'])
  const hasUsage = 'usage' in body
  return {
    error: null,
    text,
    substance,
    structured,
    finishReason,
    finished,
    indexMax,
    usage,
    hasUsage,
  }
}

function indexOf(choice: JsonObject): number {
  const index = choice['index']
  return typeof index === 'number' ? index : 0
}

const NOTHING: JsonObject = {}

const notAnObject: ProviderError = {
  message: 'the answer is not a JSON object',
  code: null,
  type: null,
  param: null,
}

function failed(error: ProviderError): AnswerFacts {
  return {
    error,
    text: '',
    substance: false,
    structured: false,
    finishReason: null,
    finished: 0,
    indexMax: -1,
    usage: null,
    hasUsage: false,
  }
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  let text = ''
  for (const part of asArray(content)) text += asText(asObject(part)?.['text']) ?? ''
  return text
}

function hasSubstance(part: JsonObject): boolean {
  return (
    isFilled(part['reasoning_content']) ||
    isFilled(part['reasoning']) ||
    isFilled(part['reasoning_details']) ||
    isStructured(part)
  )
}

function isStructured(part: JsonObject): boolean {
  return (
    isFilled(part['tool_calls']) ||
    isFilled(part['refusal']) ||
    isFilled(part['function_call']) ||
    isFilled(part['audio']) ||
    isFilled(part['images'])
  )
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  return typeof value === 'object' && value !== null
}
