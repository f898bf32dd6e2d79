import { lazy, Suspense } from 'react'
import { Skeleton } from './states.tsx'

export interface DiffViewProps {
  readonly before: string
  readonly after: string
  readonly label: string
  /** Given: the text can be changed, and each difference taken back. */
  readonly onChange?: (text: string) => void
}

const Loaded = lazy(() => import('./diff-editor.tsx'))

/** Two texts as one with what is gone in red and what is new in green. Loaded when first shown. */
export function DiffView(props: DiffViewProps) {
  return (
    <Suspense fallback={<Skeleton className="h-60" />}>
      <Loaded {...props} />
    </Suspense>
  )
}
