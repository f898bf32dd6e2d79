import type { ConfigView } from '@contract/api/shapes.ts'
import { Badge } from '@/ui/badge.tsx'
import { useTexts } from '@/texts/texts.ts'
import { draftTexts } from './texts.ts'

/** Mistakes and warnings of a configuration, each with its place. */
export function ProblemList({ problems }: { readonly problems: ConfigView['problems'] }) {
  const t = useTexts(draftTexts)
  if (problems.length === 0) return null
  return (
    <ul className="flex flex-col gap-1">
      {problems.map(({ severity, line, path, message }, index) => (
        <li key={index} className="flex flex-wrap items-baseline gap-2 text-[13px]">
          <Badge tone={severity === 'error' ? 'bad' : 'warn'}>{t.line(line)}</Badge>
          <code className="text-xs text-muted">{path}</code>
          <span>{message}</span>
        </li>
      ))}
    </ul>
  )
}
