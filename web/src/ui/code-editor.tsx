import { lazy, Suspense } from 'react'
import { Skeleton } from './states.tsx'

export interface CodeEditorProps {
  readonly value: string
  readonly onChange?: (value: string) => void
  readonly language: 'yaml' | 'json'
  /** Read aloud. */
  readonly label: string
  readonly readOnly?: boolean
  /** Marks lines, from 1. */
  readonly problems?: readonly EditorProblem[]
  /** JSON Schema of the document: completes keys and values, explains them on hover. */
  readonly schema?: unknown
  readonly className?: string
}

interface EditorProblem {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly severity: 'error' | 'warning'
}

const Loaded = lazy(() => import('./code-editor-view.tsx'))

/** An editor for YAML and JSON. It is loaded when it is first shown. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Skeleton className="h-80" />}>
      <Loaded {...props} />
    </Suspense>
  )
}
