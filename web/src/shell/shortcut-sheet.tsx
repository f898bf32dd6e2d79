import { Dialog } from '@/ui/dialog.tsx'
import { useTexts } from '@/texts/texts.ts'
import { PAGES } from './pages.ts'
import { shellTexts } from './texts.ts'

/** What the keyboard can do. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shellTexts)
  const rows: readonly [string, string][] = [
    ['Ctrl K', t.shortcutPalette],
    ...PAGES.map(({ key, name }): [string, string] => [`g ${key}`, `${t.shortcutGo}: ${t[name]}`]),
    ['/', t.shortcutFilter],
    ['j k', t.shortcutRows],
    ['t', t.shortcutTheme],
    ['Ctrl S', t.shortcutReview],
    ['?', t.shortcutHelp],
  ]
  return (
    <Dialog open onClose={onClose} title={t.shortcuts} size="small">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-[13px]">
        {rows.map(([keys, text]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-line-strong bg-sunken px-1.5 py-0.5 font-mono text-xs">
                {keys}
              </kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
