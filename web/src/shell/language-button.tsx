import { Languages } from 'lucide-react'
import { setLanguage, useLanguage } from '@/lib/preferences.ts'
import { IconButton } from '@/ui/button.tsx'
import { useTexts } from '@/texts/texts.ts'
import { shellTexts } from './texts.ts'

/** From each language to the other. */
export function LanguageButton() {
  const t = useTexts(shellTexts)
  const language = useLanguage()
  return (
    <IconButton label={t.language} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
      <Languages className="size-4" />
    </IconButton>
  )
}
