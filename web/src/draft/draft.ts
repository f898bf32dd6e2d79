import { useSyncExternalStore } from 'react'
import { call } from '@/api/client.ts'
import { queryClient } from '@/api/query.ts'
import type { ConfigView } from '@contract/api/shapes.ts'
import type { ConfigDocument } from '@contract/config.ts'

type Path = readonly (string | number)[]

interface State {
  /** What the gateway runs, and its revision. Null until it is loaded. */
  readonly base: ConfigView | null
  /** The whole document as it should be; null while nothing is changed. */
  readonly document: ConfigDocument | null
  /** The whole text where the file itself is edited; then the document is derived from it. */
  readonly text: string | null
  readonly error: unknown
}

const KEY = 'smartroute-draft'
const EMPTY: State = { base: null, document: null, text: null, error: null }

/**
 * The configuration that is being edited, one for all pages: nothing changes in the gateway until
 * the draft is reviewed and applied. It survives a reload of the page.
 */
class Draft {
  #state: State = EMPTY
  readonly #listeners = new Set<() => void>()

  readonly state = (): State => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads what runs now. A draft that was made from another revision stays and will conflict. */
  async load(): Promise<void> {
    try {
      const base = await call('get', '/config')
      const saved = this.#state.base === null ? restore() : null
      const kept = saved ?? this.#state
      const stale = kept.document === null && kept.text === null
      this.#set({
        base: stale ? base : { ...base, revision: kept.base?.revision ?? base.revision },
        document: kept.document,
        text: kept.text,
        error: null,
      })
    } catch (error) {
      this.#set({ ...this.#state, error })
    }
  }

  /** Changes one value; `undefined` removes the key, and objects that it leaves empty. */
  set(path: Path, value: unknown): void {
    const { base, document } = this.#state
    if (base === null) return
    const next = changed(document ?? base.document, path, value) as ConfigDocument
    const same = JSON.stringify(next) === JSON.stringify(base.document)
    this.#set({ ...this.#state, document: same ? null : next, text: null })
  }

  /** Edits the file itself. `document` is what the text parses to, or null. */
  setText(text: string | null, document: unknown): void {
    this.#set({ ...this.#state, text, document: document as ConfigDocument | null })
  }

  discard(): void {
    this.#set({ ...this.#state, document: null, text: null })
    void this.load()
  }

  /** After a conflict: the same changes on top of what is in the file now. */
  rebase(base: ConfigView): void {
    this.#set({ ...this.#state, base })
  }

  /** Applies the draft; throws ApiError `conflict`, `invalid_config` and others. */
  async apply(note: string): Promise<void> {
    const { base, document, text } = this.#state
    if (base === null || (document === null && text === null)) return
    const applied = await call('put', '/config', {
      input: text === null ? { document: document as never, note } : { text, note },
      headers: { 'if-match': `"${base.revision}"` },
    })
    this.#set({ base: applied, document: null, text: null, error: null })
    await queryClient.invalidateQueries()
  }

  #set(state: State): void {
    this.#state = state
    const { base, document, text } = state
    if (document === null && text === null) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, JSON.stringify({ base, document, text, error: null }))
    for (const listener of this.#listeners) listener()
  }
}

function restore(): State | null {
  try {
    const saved = sessionStorage.getItem(KEY)
    return saved === null ? null : (JSON.parse(saved) as State)
  } catch {
    return null
  }
}

function changed(value: unknown, path: Path, next: unknown): unknown {
  const [name, ...rest] = path
  if (name === undefined) return next
  if (Array.isArray(value) || typeof name === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : []
    const item = changed(list[Number(name)], rest, next)
    if (item === undefined) list.splice(Number(name), 1)
    else list[Number(name)] = item
    return list
  }
  const object = { ...(value as Record<string, unknown> | undefined) }
  const item = changed(object[name], rest, next)
  if (item === undefined) delete object[name]
  else object[name] = item
  const emptied = item === undefined && Object.keys(object).length === 0
  return emptied ? undefined : object
}

export const draft = new Draft()

export interface DraftView extends State {
  /** What the pages show: the draft where there is one, else what runs. Empty until loaded. */
  readonly shown: ConfigDocument
  readonly isChanged: boolean
  readonly isLoaded: boolean
}

export function useDraft(): DraftView {
  const state = useSyncExternalStore(draft.subscribe, draft.state)
  return {
    ...state,
    shown: state.document ?? (state.base?.document as ConfigDocument | undefined) ?? {},
    isChanged: state.document !== null || state.text !== null,
    isLoaded: state.base !== null,
  }
}
