import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { SIGNED_OUT } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { DraftBar } from '@/draft/draft-bar.tsx'
import { draft } from '@/draft/draft.ts'
import { SignIn } from '@/features/sign-in/sign-in.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { Toasts } from '@/ui/toast.tsx'
import { useTexts } from '@/texts/texts.ts'
import { Navigation } from './navigation.tsx'
import { useShortcuts } from './shortcuts.ts'
import { shellTexts } from './texts.ts'
import { TopBar } from './top-bar.tsx'

// What opens over the page is loaded when it is first opened: the first page is not kept waiting.
const NavigationDrawer = lazy(async () => ({
  default: (await import('./navigation-drawer.tsx')).NavigationDrawer,
}))
const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const ShortcutSheet = lazy(async () => ({
  default: (await import('./shortcut-sheet.tsx')).ShortcutSheet,
}))

/** Around every page: who is signed in, where one can go, what is not applied yet. */
export function Shell() {
  const state = useQuery({ ...get('/auth'), staleTime: 60_000 })
  const client = useQueryClient()
  useEffect(() => {
    const onSignedOut = (): void => void client.invalidateQueries({ queryKey: ['/auth'] })
    window.addEventListener(SIGNED_OUT, onSignedOut)
    return () => window.removeEventListener(SIGNED_OUT, onSignedOut)
  }, [client])
  if (state.isPending) return <Skeleton className="m-6 h-40" />
  if (state.isError) return <ErrorState error={state.error} onRetry={() => void state.refetch()} />
  if (!state.data.signed_in) {
    return (
      <>
        <SignIn state={state.data} />
        <Toasts />
      </>
    )
  }
  return <SignedIn demo={state.data.demo} />
}

function SignedIn({ demo }: { readonly demo: boolean }) {
  const t = useTexts(shellTexts)
  const [drawer, setDrawer] = useState(false)
  const [palette, setPalette] = useState(false)
  const [sheet, setSheet] = useState(false)
  useShortcuts({ onPalette: () => setPalette(true), onHelp: () => setSheet(true) })
  useEffect(() => void draft.load(), [])
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:px-3 focus:py-1"
      >
        {t.skip}
      </a>
      <Navigation />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar demo={demo} onMenu={() => setDrawer(true)} onPalette={() => setPalette(true)} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1600px] min-w-0 flex-1 p-3 outline-none sm:p-4"
        >
          <Outlet />
        </main>
        <DraftBar />
      </div>
      <Suspense fallback={null}>
        {drawer && <NavigationDrawer onClose={() => setDrawer(false)} />}
        {palette && <Palette onClose={() => setPalette(false)} />}
        {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
      </Suspense>
      <Toasts />
    </div>
  )
}
