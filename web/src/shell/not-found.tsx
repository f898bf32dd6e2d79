import { Link } from '@tanstack/react-router'
import { EmptyState } from '@/ui/states.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { shellTexts } from './texts.ts'

export function NotFound() {
  const t = useTexts(commonTexts)
  const shell = useTexts(shellTexts)
  return (
    <EmptyState
      title={t.notFound}
      action={
        <Link to="/" className="text-accent underline">
          {shell.overview}
        </Link>
      }
    />
  )
}
