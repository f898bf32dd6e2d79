import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router'
import { NotFound } from './shell/not-found.tsx'
import { PageError } from './shell/page-error.tsx'
import { Shell } from './shell/shell.tsx'

/** Every view has an address, and what is shown in it stands in the address too. */
const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

/** Search parameters are texts; each page reads its own with `useSearchState`. */
const search = (raw: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(raw)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )

const page = <const P extends string>(
  path: P,
  load: () => Promise<{ readonly Page: () => React.ReactNode }>,
) =>
  createRoute({
    getParentRoute: () => root,
    path,
    validateSearch: search,
    component: lazyRouteComponent(load, 'Page'),
  })

const tree = root.addChildren([
  page('/', () => import('./features/overview/page.tsx')),
  page('/requests', () => import('./features/requests/page.tsx')),
  page('/requests/$id', () => import('./features/requests/detail-page.tsx')),
  page('/routing', () => import('./features/routing/page.tsx')),
  page('/models', () => import('./features/models/page.tsx')),
  page('/keys', () => import('./features/keys/page.tsx')),
  page('/playground', () => import('./features/playground/page.tsx')),
  page('/connect', () => import('./features/connect/page.tsx')),
  page('/settings', () => import('./features/settings/page.tsx')),
])

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error }) => <PageError error={error as Error} />,
  scrollRestoration: true,
  // Values stay as they are written: `?status=200` is a text, not a number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (values) => {
    const text = new URLSearchParams(
      Object.entries(values).filter(([, value]) => value !== undefined) as [string, string][],
    ).toString()
    return text === '' ? '' : `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
