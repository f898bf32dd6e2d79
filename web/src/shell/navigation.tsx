import { Link } from '@tanstack/react-router'
import { useTexts } from '@/texts/texts.ts'
import { PAGES } from './pages.ts'
import { shellTexts } from './texts.ts'

/** The pages at the left edge of a wide window. */
export function Navigation() {
  return (
    <aside className="sticky top-0 hidden h-dvh w-48 shrink-0 flex-col border-r border-line bg-surface lg:flex">
      <Brand />
      <Links />
    </aside>
  )
}

function Brand() {
  return (
    <div className="flex h-12 items-center gap-2 px-4 font-semibold tracking-tight">
      <img src="/icon.svg" alt="" className="size-5" />
      SmartRoute
    </div>
  )
}

export function Links({ onGo }: { readonly onGo?: () => void }) {
  const t = useTexts(shellTexts)
  return (
    <nav aria-label={t.navigation} className="flex flex-col gap-0.5 p-2">
      {PAGES.map(({ path, name, icon: Icon }) => (
        <Link
          key={path}
          to={path}
          onClick={onGo}
          activeOptions={{ exact: path === '/', includeSearch: false }}
          className="flex items-center gap-2.5 rounded-md px-2.5 py-1.5 text-[13px] font-medium text-muted hover:bg-sunken hover:text-text aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent"
        >
          <Icon aria-hidden className="size-4" />
          {t[name]}
        </Link>
      ))}
    </nav>
  )
}
