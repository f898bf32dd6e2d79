import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type Document,
} from 'yaml'
import { z } from 'zod'
import { type ConfigDocument, configSchema } from '../contract/config.ts'
import { type Language, type Message, say, type Values } from '../contract/message.ts'
import { configMessages } from '../contract/messages/config.ts'
import { nearestName } from '../kit/nearest-name.ts'
import { type Interpolated, interpolate, type InterpolationSource } from './interpolate.ts'
import { type Path, placeOf, type Problem, showPath } from './problem.ts'
import { pathOf } from './scalars.ts'

const ALIASES_MAX = 100
/** One missing bracket can make an error of every line after it. */
const SYNTAX_ERRORS_MAX = 20

/** A parsed file: the value where it is valid, and a way to complain about a place in it. */
export interface ParsedDocument {
  readonly value: ConfigDocument | null
  readonly problems: readonly Problem[]
  /** Makes a problem at a path; `onKey` points at the key instead of its value. */
  readonly complain: Complain
}

export type Complain = (
  severity: Problem['severity'],
  code: keyof typeof configMessages,
  path: Path,
  values?: Values,
) => Problem

export interface DocumentContext extends InterpolationSource {
  readonly language: Language
  /** Where the gateway listens already; it cannot move while it runs. */
  readonly started?: { readonly host: string; readonly port: number }
}

/** YAML (so JSON too) to a validated document. Finds every error at once, each with its place. */
export function parseConfig(text: string, context: DocumentContext): ParsedDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true })
  const complain = complainer(document, lines, context.language)
  const syntax = document.errors.slice(0, SYNTAX_ERRORS_MAX).map((error) => ({
    ...complain('error', 'yamlSyntax', [], { detail: firstLine(error.message) }),
    ...placeOf(lines, error.pos[0]),
  }))
  if (syntax.length > 0) return { value: null, problems: syntax, complain }
  const unresolved = interpolateScalars(document, context, complain)
  const read = valueOf(document)
  if ('detail' in read) {
    const problem = { ...complain('error', 'yamlSyntax', [], read), ...placeOf(lines, read.at) }
    return { value: null, problems: [problem], complain }
  }
  const locale = context.language === 'zh' ? z.locales.zhCN() : z.locales.en()
  const parsed = configSchema.safeParse(read.value, { error: locale.localeError })
  if (parsed.success) {
    return { value: unresolved.length > 0 ? null : parsed.data, problems: unresolved, complain }
  }
  const invalid = parsed.error.issues.flatMap((issue) => explain(issue, complain))
  return { value: null, problems: [...unresolved, ...invalid], complain }
}

/** An empty file is an empty document; `null` is none. An alias may name nothing, or too much. */
function valueOf(
  document: Document,
): { readonly value: unknown } | { readonly detail: string; readonly at: number } {
  try {
    return {
      value: document.contents === null ? {} : document.toJS({ maxAliasCount: ALIASES_MAX }),
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { detail, at: lostAlias(document) }
  }
}

/** Where an alias stands that no anchor before it explains; else the beginning. */
function lostAlias(document: Document): number {
  const anchors = new Set<string>()
  let at: number | undefined
  visit(document, {
    Node(_, node) {
      if (isAlias(node) && !anchors.has(node.source)) at ??= node.range?.[0]
      else if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor)
    },
  })
  return at ?? 0
}

function complainer(document: Document, lines: LineCounter, language: Language): Complain {
  return (severity, code, path, values = {}) => {
    const message: Message = configMessages[code]
    const shown = showPath(path)
    return {
      severity,
      ...placeOf(lines, offsetOf(document, path, code.startsWith('unknownKey'))),
      path: shown,
      code,
      message: say(message, language, { path: shown, ...values }),
    }
  }
}

/** Where the value (or its key) stands; of a missing one, its nearest parent. */
function offsetOf(document: Document, path: Path, onKey: boolean): number | null {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? null : document.getIn(path.slice(0, length - 1), true)
    if ((onKey || length < path.length) && isMap(parent)) {
      const pair = parent.items.find(
        (item) => isScalar(item.key) && item.key.value === path[length - 1],
      )
      const key = pair?.key as Node | undefined
      if (key?.range) return key.range[0]
    }
    const node = (
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    ) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return null
}

function interpolateScalars(
  document: Document,
  context: DocumentContext,
  complain: Complain,
): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      const result = interpolate(node.value, context)
      if (result.kind === 'text') node.value = result.text
      else problems.push(unresolvedProblem(result, pathOf(key, ancestors), complain))
    },
  })
  return problems
}

function unresolvedProblem(
  result: Exclude<Interpolated, { kind: 'text' }>,
  path: Path,
  complain: Complain,
): Problem {
  switch (result.kind) {
    case 'unset':
      return complain('error', 'variableUnset', path, { name: result.name })
    case 'required':
      return complain('error', 'variableRequired', path, {
        name: result.name,
        detail: result.detail,
      })
    case 'unreadable':
      return complain('error', 'fileUnreadable', path, { path: result.path, detail: result.detail })
  }
}

type Issue = z.core.$ZodIssue

/** One validation issue as one or more problems at their places. */
function explain(issue: Issue, complain: Complain): Problem[] {
  const path = issue.path as Path
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearestName(key, knownKeys(path))
      return near === null
        ? complain('error', 'unknownKey', [...path, key], { key })
        : complain('error', 'unknownKeyNear', [...path, key], { key, near })
    })
  }
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.find((option) => option.some((inner) => inner.path.length > 0))
    if (closest !== undefined) {
      return closest.flatMap((inner) =>
        explain({ ...inner, path: [...path, ...inner.path] }, complain),
      )
    }
  }
  const detail =
    issue.code === 'custom' || issue.message !== 'Invalid input' ? issue.message : 'wrong type'
  return [complain('error', 'invalidValue', path, { detail })]
}

/** The keys the schema knows at a path, for suggestions. */
function knownKeys(path: Path): readonly string[] {
  let schema: unknown = configSchema
  for (const part of path) schema = step(unwrap(schema), part)
  const known = withShape(unwrap(schema)) as { shape?: object } | undefined
  return Object.keys(known?.shape ?? {})
}

function step(schema: unknown, part: string | number): unknown {
  const node = withShape(schema) as
    | {
        shape?: Record<string, unknown>
        valueType?: unknown
        element?: unknown
      }
    | undefined
  return node?.shape?.[String(part)] ?? node?.valueType ?? node?.element
}

/** Of a union, the member that is an object. */
function withShape(schema: unknown): unknown {
  const { options } = (schema ?? {}) as { options?: readonly unknown[] }
  return options?.map(unwrap).find(hasShape) ?? schema
}

function hasShape(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'shape' in schema
}

function unwrap(schema: unknown): unknown {
  const optional = schema as { unwrap?: () => unknown; def?: { type?: string } } | undefined
  return optional?.def?.type === 'optional' ? unwrap(optional.unwrap?.()) : schema
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? text
}
