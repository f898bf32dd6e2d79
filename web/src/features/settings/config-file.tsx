import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ConfigCheck } from '@contract/api/config.ts'
import { call } from '@/api/client.ts'
import { get } from '@/api/query.ts'
import { draft, useDraft } from '@/draft/draft.ts'
import { ProblemList } from '@/draft/problem-list.tsx'
import { draftTexts } from '@/draft/texts.ts'
import { Panel } from '@/ui/card.tsx'
import { CodeEditor } from '@/ui/code-editor.tsx'
import { ErrorState, Skeleton } from '@/ui/states.tsx'
import { useTexts } from '@/texts/texts.ts'
import { settingsTexts } from './texts.ts'

const TYPING_MS = 350

/** The file itself. It is checked while it is written; what is valid becomes the draft. */
export function ConfigFile() {
  const t = useTexts(settingsTexts)
  const d = useTexts(draftTexts)
  const { text: drafted, document, base } = useDraft()
  const file = useQuery({ ...get('/config/file'), staleTime: 0 })
  const schema = useQuery({ ...get('/config/schema'), staleTime: Infinity })
  const [text, setText] = useState<string | null>(drafted)
  const [check, setCheck] = useState<ConfigCheck | null>(null)
  const original = file.data?.text
  const shown = useFormDraft(document, drafted) ?? text ?? original
  useEffect(() => {
    if (text === null || original === undefined) return undefined
    const timer = setTimeout(async () => {
      try {
        const result = await call('post', '/config/check', { input: { text } })
        setCheck(result)
        draft.setText(text === original ? null : text, text === original ? null : result.document)
      } catch {
        // Offline or signed out: the shell says so, the text stays.
      }
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [text, original])
  // Applied or discarded: the file is the truth again.
  useEffect(() => {
    setText(draft.state().text)
    setCheck(null)
  }, [base?.revision])
  if (file.isError) return <ErrorState error={file.error} onRetry={() => void file.refetch()} />
  if (shown === undefined) return <Skeleton className="h-[60dvh]" />
  const problems = check?.problems ?? []
  return (
    <Panel
      title={<code className="text-xs">{file.data?.path ?? t.builtIn}</code>}
      hint={t.fileHint}
    >
      <CodeEditor
        language="yaml"
        label={t.tab_file}
        value={shown}
        onChange={setText}
        schema={schema.data}
        problems={problems}
        className="h-[60dvh]"
      />
      <div className="mt-2 flex flex-col gap-2" role="status">
        {check !== null && (
          <p className={check.ok ? 'text-[13px] text-good' : 'text-[13px] text-bad'}>
            {text === original
              ? t.unchanged
              : check.ok
                ? d.valid
                : d.invalid(problems.filter(({ severity }) => severity === 'error').length)}
          </p>
        )}
        <ProblemList problems={problems} />
      </div>
    </Panel>
  )
}

/** What the forms changed, as the file would have it; null where they changed nothing. */
function useFormDraft(document: unknown, text: string | null): string | null {
  const preview = useQuery({
    queryKey: ['config-preview', document],
    queryFn: () => call('post', '/config/check', { input: { document: document as never } }),
    enabled: document !== null && text === null,
    gcTime: 0,
  })
  return document !== null && text === null ? (preview.data?.after ?? null) : null
}
