import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Code2, FlaskConical, Flag } from 'lucide-react'
import { useState } from 'react'
import type { LogDetail } from '@contract/api/shapes.ts'
import { call } from '@/api/client.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Menu } from '@/ui/menu.tsx'
import { useErrorText } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { asCurl, asJavaScript, asPython } from './copy-as.ts'
import { detailTexts } from './texts.ts'

/** Copy it, try it again, say that it went to the wrong tier. */
export function DetailActions({ row }: { readonly row: LogDetail }) {
  const t = useTexts(detailTexts)
  const common = useTexts(commonTexts)
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const copy = (text: string) => (): void => {
    void navigator.clipboard.writeText(text).then(() => toast(common.copied))
  }
  const base = `${window.location.origin}/v1`
  const openPlayground = (): void => {
    sessionStorage.setItem('smartroute-playground', JSON.stringify(row.request))
    void navigate({ to: '/playground', search: { from: row.id } })
  }
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <Flag className="size-3.5" />
        {row.feedback === null ? t.wrongTier : t.feedbackShown(row.feedback.tier.toUpperCase())}
      </Button>
      {row.request !== null && (
        <>
          <Menu
            trigger={
              <Button>
                <Code2 className="size-3.5" />
                {t.copyAs}
              </Button>
            }
            entries={[
              { label: 'curl', onSelect: copy(asCurl(base, row.request)) },
              { label: 'Python', onSelect: copy(asPython(base, row.request)) },
              { label: 'JavaScript', onSelect: copy(asJavaScript(base, row.request)) },
              null,
              { label: t.copyLink, onSelect: copy(`${window.location.origin}/requests/${row.id}`) },
            ]}
          />
          <Button onClick={openPlayground}>
            <FlaskConical className="size-3.5" />
            {t.openPlayground}
          </Button>
        </>
      )}
      {asking && <WrongTier row={row} onClose={() => setAsking(false)} />}
    </>
  )
}

function WrongTier({ row, onClose }: { readonly row: LogDetail; readonly onClose: () => void }) {
  const t = useTexts(detailTexts)
  const common = useTexts(commonTexts)
  const client = useQueryClient()
  const textOf = useErrorText()
  const rate = async (tier: 't1' | 't2' | 't3' | null): Promise<void> => {
    try {
      await call('post', '/logs/{id}/feedback', { params: { id: row.id }, input: { tier } })
      await client.invalidateQueries({ queryKey: ['/logs/{id}'] })
      toast(t.feedbackSaved)
      onClose()
    } catch (error) {
      toast(textOf(error), 'bad')
    }
  }
  return (
    <Dialog open onClose={onClose} title={t.wrongTierTitle} size="small">
      <p className="mb-3 text-[13px] text-muted">{t.wrongTierText}</p>
      <div className="flex flex-wrap gap-2">
        {(['t1', 't2', 't3'] as const).map((tier) => (
          <Button
            key={tier}
            aria-pressed={row.feedback?.tier === tier}
            onClick={() => void rate(tier)}
          >
            {common[`tier_${tier}`]}
            {row.tier === tier && <Badge>{t.decision}</Badge>}
          </Button>
        ))}
        {row.feedback !== null && (
          <Button kind="quiet" onClick={() => void rate(null)}>
            {t.feedbackClear}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
