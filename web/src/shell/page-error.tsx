import { Button } from '@/ui/button.tsx'
import { useTexts } from '@/texts/texts.ts'
import { shellTexts } from './texts.ts'

/** A mistake of ours on one page must not take the others with it. */
export function PageError({ error }: { readonly error: Error }) {
  const t = useTexts(shellTexts)
  return (
    <div role="alert" className="flex flex-col items-center gap-3 py-10 text-center">
      <p className="font-medium">{t.crashed}</p>
      <code className="max-w-full overflow-auto text-xs text-muted">{error.message}</code>
      <Button onClick={() => window.location.reload()}>{t.reload}</Button>
    </div>
  )
}
