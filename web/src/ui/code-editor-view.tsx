import { autocompletion } from '@codemirror/autocomplete'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useRef } from 'react'
import { cn } from '@/lib/cn.ts'
import type { CodeEditorProps } from './code-editor.tsx'
import { editorTheme, nonce } from './editor-theme.ts'
import { schemaCompletion } from './schema-completion.ts'

export default function CodeEditorView({
  value,
  onChange,
  language,
  label,
  readOnly = false,
  problems = [],
  schema,
  className,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const changed = useRef(onChange)
  changed.current = onChange
  const completion = useRef(new Compartment())

  useEffect(() => {
    if (host.current === null) return undefined
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          basicSetup,
          EditorView.cspNonce.of(nonce()),
          language === 'yaml' ? yaml() : json(),
          editorTheme,
          lintGutter(),
          EditorState.readOnly.of(readOnly),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label }),
          completion.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
    // The text is kept in step below; making the editor anew would lose the cursor.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [language, readOnly, label])

  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const effect =
      schema === undefined ? [] : autocompletion({ override: [schemaCompletion(schema)] })
    view.current?.dispatch({ effects: completion.current.reconfigure(effect) })
  }, [schema, language, readOnly, label])

  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const { doc } = editor.state
    const marks = problems.map(({ line, column, message, severity }) => {
      const at = doc.line(Math.min(Math.max(1, line), doc.lines))
      const from = Math.min(at.to, at.from + Math.max(0, column - 1))
      return { from, to: Math.max(from, at.to), message, severity }
    })
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [problems])

  return (
    <div
      ref={host}
      className={cn('overflow-hidden rounded-md border border-line-strong bg-surface', className)}
    />
  )
}
