import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, call, type CallOptions, type Input } from './client.ts'
import type { OPERATIONS } from '@contract/operations.ts'

type GetPath = Extract<(typeof OPERATIONS)[number], { method: 'get' }>['path']

/** Options for `useQuery`: the key is the call itself. */
export function get<P extends GetPath>(path: P, options: CallOptions<Input<'get', P>> = {}) {
  return queryOptions({
    queryKey: [path, options.params ?? {}, options.input ?? {}] as const,
    queryFn: ({ signal }) => call('get', path, { ...options, signal }),
  })
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.status === 0,
    },
  },
})
