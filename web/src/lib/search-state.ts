import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type SearchState = Readonly<Record<string, string | undefined>>

/** The search parameters of the page, and how to change some: `undefined` removes one. */
export function useSearchState(): [
  SearchState,
  (change: SearchState, options?: { readonly replace?: boolean }) => void,
] {
  const state = useSearch({ strict: false }) as unknown as SearchState
  const navigate = useNavigate()
  const change = useCallback(
    (part: SearchState, { replace = true } = {}) => {
      void navigate({
        to: '.',
        search: ((before: SearchState) => withoutEmpty({ ...before, ...part })) as never,
        replace,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [state, change]
}

function withoutEmpty(state: SearchState): SearchState {
  return Object.fromEntries(
    Object.entries(state).filter(([, value]) => value !== undefined && value !== ''),
  )
}
