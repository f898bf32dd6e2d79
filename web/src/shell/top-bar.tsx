import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LogOut, Menu as MenuIcon, MonitorCog, Moon, Search, Sun } from 'lucide-react'
import { call } from '@/api/client.ts'
import { useCounters, useLiveState } from '@/api/live.ts'
import { cn } from '@/lib/cn.ts'
import { formatRate } from '@/lib/format.ts'
import { setTheme, useTheme } from '@/lib/preferences.ts'
import { IconButton } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { useTexts } from '@/texts/texts.ts'
import { LanguageButton } from './language-button.tsx'
import { shellTexts } from './texts.ts'

export function TopBar({
  demo,
  onMenu,
  onPalette,
}: {
  readonly demo: boolean
  readonly onMenu: () => void
  readonly onPalette: () => void
}) {
  const t = useTexts(shellTexts)
  const state = useLiveState()
  const baseUrl = `${window.location.origin}/v1`
  return (
    <>
      <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-b border-line bg-surface px-2 sm:px-4">
        <IconButton label={t.openNavigation} className="lg:hidden" onClick={onMenu}>
          <MenuIcon className="size-4" />
        </IconButton>
        <span
          title={t.baseUrl}
          className="mr-auto flex min-w-0 items-center gap-1 rounded-full border border-line py-0.5 pr-1 pl-3 text-xs"
        >
          <code className="truncate">{baseUrl}</code>
          <CopyButton text={baseUrl} />
        </span>
        <LiveDot />
        <IconButton label={`${t.palette} (Ctrl K)`} onClick={onPalette}>
          <Search className="size-4" />
        </IconButton>
        <LanguageButton />
        <ThemeButton />
        <SignOutButton />
      </header>
      {state === 'offline' && (
        <p role="status" className="bg-bad-soft px-4 py-1.5 text-center text-[13px] text-bad">
          {t.offline}
        </p>
      )}
      {demo && (
        <p className="flex flex-wrap items-center justify-center gap-2 bg-info-soft px-4 py-1.5 text-[13px] text-info">
          {t.demo}
          <Link to="/models" search={{ add: '1' }} className="font-semibold underline">
            {t.addProvider}
          </Link>
        </p>
      )}
    </>
  )
}

function LiveDot() {
  const t = useTexts(shellTexts)
  const state = useLiveState()
  const counters = useCounters()
  return (
    <span className="hidden items-center gap-1.5 px-2 text-xs text-muted sm:flex">
      <span
        aria-hidden
        className={cn(
          'size-2 rounded-full',
          state === 'live' ? 'bg-good' : state === 'offline' ? 'bg-bad' : 'bg-warn',
        )}
      />
      {state === 'live' ? t.live : t.reconnecting}
      {state === 'live' && counters !== null && (
        <span className="tabular">
          {formatRate(counters.qps)} {t.perSecond} · {counters.inflight} {t.inflight}
        </span>
      )}
    </span>
  )
}

/** Light, dark, or as the system says: one after the other. */
function ThemeButton() {
  const t = useTexts(shellTexts)
  const theme = useTheme()
  const { icon: Icon, next } = THEMES[theme]
  return (
    <IconButton label={`${t.theme}: ${t[theme]}`} onClick={() => setTheme(next)}>
      <Icon className="size-4" />
    </IconButton>
  )
}

const THEMES = {
  system: { icon: MonitorCog, next: 'light' },
  light: { icon: Sun, next: 'dark' },
  dark: { icon: Moon, next: 'system' },
} as const

function SignOutButton() {
  const t = useTexts(shellTexts)
  const client = useQueryClient()
  const signOut = async (): Promise<void> => {
    await call('post', '/auth/sign-out')
    await client.invalidateQueries({ queryKey: ['/auth'] })
  }
  return (
    <IconButton label={t.signOut} onClick={() => void signOut()}>
      <LogOut className="size-4" />
    </IconButton>
  )
}
