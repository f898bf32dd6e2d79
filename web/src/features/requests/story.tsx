import type { LogDetail } from '@contract/api/shapes.ts'
import { niceTicks } from '@/charts/scale.ts'
import { cn } from '@/lib/cn.ts'
import { formatMs } from '@/lib/format.ts'
import { Badge } from '@/ui/badge.tsx'
import { Panel } from '@/ui/card.tsx'
import { useTexts } from '@/texts/texts.ts'
import { Pace } from './pace.tsx'
import { type Bar, type Phase, type StoryRow, storyOf } from './story-layout.ts'
import { detailTexts } from './texts.ts'

const COLOURS: Readonly<Record<Phase, string>> = {
  read: 'bg-pinned',
  decision: 'bg-t3',
  wait: 'border border-dashed border-line-strong bg-transparent',
  connect: 'bg-info',
  first_token: 'bg-warn',
  answer: 'bg-good',
  failed: 'bg-bad',
}

/** The whole request in one picture: decision, attempts and stream on one time axis. */
export function Story({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const { rows, totalMs } = storyOf(row)
  const ticks = niceTicks(totalMs).filter((tick) => tick <= totalMs * 0.95)
  return (
    <div className="flex flex-col gap-3">
      <Panel title={t.story} bodyClassName="overflow-x-auto">
        {/* Scrolls on a phone, so the keyboard must reach it. */}
        <div className="min-w-[34rem]">
          <div aria-hidden className="relative mb-1 ml-44 h-4">
            {ticks.map((tick) => (
              <span
                key={tick}
                className="tabular absolute text-[10px] text-muted"
                style={{ left: `${(tick / totalMs) * 100}%` }}
              >
                {formatMs(tick)}
              </span>
            ))}
          </div>
          <ol className="flex flex-col gap-2">
            {rows.map((line) => (
              <Line key={`${line.kind} ${line.index}`} line={line} row={row} totalMs={totalMs} />
            ))}
          </ol>
          <Legend />
        </div>
      </Panel>
      <Why row={row} />
      {row.pace !== null && row.pace.length > 1 && <Pace pace={row.pace} totalMs={row.total_ms} />}
    </div>
  )
}

function Line({
  line,
  row,
  totalMs,
}: {
  readonly line: StoryRow
  readonly row: LogDetail
  readonly totalMs: number
}) {
  const t = useTexts(detailTexts)
  const attempt = line.kind === 'attempt' ? row.attempts[line.index] : undefined
  const name =
    line.kind === 'read'
      ? t.read
      : line.kind === 'decision'
        ? t.decision
        : t.attempt(line.index + 1)
  const ms = (line.bars.at(-1)?.toMs ?? 0) - (line.bars[0]?.fromMs ?? 0)
  return (
    <li className="grid grid-cols-[10.5rem_1fr] items-start gap-2">
      <div className="min-w-0 text-xs">
        <div className="flex items-center gap-1.5 font-medium">
          {name}
          {attempt?.resumed === true && <Badge tone="info">{t.resumed}</Badge>}
        </div>
        <div
          className="truncate text-muted"
          title={attempt === undefined ? '' : `${attempt.provider}/${attempt.model}`}
        >
          {attempt === undefined
            ? line.kind === 'decision'
              ? (row.reason ?? '').split(';')[0]
              : ''
            : `${attempt.provider}/${attempt.model}`}
        </div>
      </div>
      <div className="relative rounded bg-sunken px-0 py-1">
        <div className="relative h-4">
          {line.bars.map((bar) => (
            <BarView key={`${bar.phase} ${bar.fromMs}`} bar={bar} totalMs={totalMs} />
          ))}
        </div>
        <div className="flex flex-wrap items-baseline gap-x-2 px-1 pt-0.5 text-xs">
          <span className="tabular text-muted">{formatMs(ms)}</span>
          {attempt !== undefined && (
            <>
              <span
                className={
                  attempt.outcome === 'ok' ? 'font-medium text-good' : 'font-medium text-bad'
                }
              >
                {attempt.outcome}
                {attempt.status !== null && ` ${attempt.status}`}
              </span>
              <span aria-hidden>→</span>
              <span className="font-medium">{t[`verdict_${attempt.next}`]}</span>
              {attempt.error !== null && (
                <span className="min-w-0 break-words text-muted">{attempt.error}</span>
              )}
            </>
          )}
          {line.kind === 'decision' && <span className="break-words">{row.reason}</span>}
        </div>
      </div>
    </li>
  )
}

function BarView({ bar, totalMs }: { readonly bar: Bar; readonly totalMs: number }) {
  const t = useTexts(detailTexts)
  const names: Readonly<Record<Phase, string>> = {
    read: t.read,
    decision: t.decision,
    wait: t.waited(formatMs(bar.toMs - bar.fromMs)),
    connect: t.connect,
    first_token: t.waiting,
    answer: t.generating,
    failed: t.verdict_fail,
  }
  return (
    <div
      title={`${names[bar.phase]}: ${formatMs(bar.toMs - bar.fromMs)}`}
      className={cn('absolute inset-y-0 min-w-[3px] rounded-[3px]', COLOURS[bar.phase])}
      style={{
        left: `${(bar.fromMs / totalMs) * 100}%`,
        width: `${Math.max(0, (bar.toMs - bar.fromMs) / totalMs) * 100}%`,
      }}
    />
  )
}

function Legend() {
  const t = useTexts(detailTexts)
  const entries: readonly [Phase, string][] = [
    ['decision', t.decision],
    ['connect', t.connect],
    ['first_token', t.waiting],
    ['answer', t.generating],
    ['failed', t.verdict_fail],
  ]
  return (
    <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {entries.map(([phase, text]) => (
        <li key={phase} className="flex items-center gap-1.5">
          <span aria-hidden className={cn('size-2.5 rounded-[3px]', COLOURS[phase])} />
          {text}
        </li>
      ))}
    </ul>
  )
}

/** The words that were judged, and what each part of the classifier said. */
function Why({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const { classifier } = row
  if (row.reason === null) return null
  return (
    <Panel title={t.why}>
      <p className="text-[13px] break-words">
        <code>{row.reason}</code>
      </p>
      {classifier !== null && (
        <>
          <p className="mt-2 text-xs text-muted">
            {classifier.model} · {formatMs(classifier.ms)}
          </p>
          {classifier.answer !== null && (
            <p className="text-[13px] break-words">{classifier.answer}</p>
          )}
          {classifier.error !== null && (
            <p className="text-[13px] break-words text-bad">{classifier.error}</p>
          )}
        </>
      )}
      {row.ask !== null && (
        <>
          <h3 className="mt-3 mb-1 text-xs font-medium text-muted">{t.classifierSaw}</h3>
          <p className="max-h-48 overflow-auto rounded bg-sunken p-2 text-[13px] break-words whitespace-pre-wrap">
            {row.ask}
          </p>
        </>
      )}
    </Panel>
  )
}
