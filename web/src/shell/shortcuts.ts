import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { setTheme } from '@/lib/preferences.ts'
import { PAGES } from './pages.ts'

const SEQUENCE_MS = 1_000

/** True where a key belongs to a text that is being written, or to an input method. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return true
  const target = event.target as HTMLElement | null
  return (
    target !== null &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** `Ctrl K`, `g` and a letter, `t`, `/` and `?` on every page. */
export function useShortcuts({
  onPalette,
  onHelp,
}: {
  readonly onPalette: () => void
  readonly onHelp: () => void
}): void {
  const navigate = useNavigate()
  const pressedG = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        onPalette()
        return
      }
      if (isTyping(event) || document.querySelector('[role=dialog]') !== null) return
      const page = PAGES.find(({ key }) => key === event.key)
      if (page !== undefined && event.timeStamp - pressedG.current < SEQUENCE_MS) {
        pressedG.current = 0
        void navigate({ to: page.path })
      } else if (event.key === 'g') pressedG.current = event.timeStamp
      else if (event.key === '?') onHelp()
      else if (event.key === 't')
        setTheme(document.documentElement.classList.contains('dark') ? 'light' : 'dark')
      else if (event.key === '/') {
        const filter = document.querySelector<HTMLElement>('[data-filter]')
        if (filter === null) return
        event.preventDefault()
        filter.focus()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
