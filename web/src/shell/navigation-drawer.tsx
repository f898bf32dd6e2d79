import { Dialog } from '@/ui/dialog.tsx'
import { useTexts } from '@/texts/texts.ts'
import { Links } from './navigation.tsx'
import { shellTexts } from './texts.ts'

/** The pages on a phone, behind a button. */
export function NavigationDrawer({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(shellTexts)
  return (
    <Dialog open onClose={onClose} title={t.navigation}>
      <Links onGo={onClose} />
    </Dialog>
  )
}
