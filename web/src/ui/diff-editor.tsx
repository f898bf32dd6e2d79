import { yaml } from '@codemirror/lang-yaml'
import { unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView, minimalSetup } from 'codemirror'
import { useEffect, useRef } from 'react'
import type { DiffViewProps } from './diff-view.tsx'
import { editorTheme, nonce } from './editor-theme.ts'

export default function DiffEditor({ before, after, label, onChange }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const editable = onChange !== undefined
  useEffect(() => {
    if (host.current === null) return undefined
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          minimalSetup,
          EditorView.cspNonce.of(nonce()),
          yaml(),
          editorTheme,
          EditorView.lineWrapping,
          EditorState.readOnly.of(!editable),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          unifiedMergeView({
            original: before,
            mergeControls: editable,
            collapseUnchanged: { margin: 2, minSize: 5 },
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    return () => editor.destroy()
    // What is typed here must not make the editor anew.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [before, editable ? '' : after, editable, label])
  return (
    <div
      ref={host}
      className="max-h-[55dvh] overflow-auto rounded-md border border-line-strong bg-surface"
    />
  )
}
