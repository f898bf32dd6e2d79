import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import { Button, IconButton } from './button.tsx'

/** Copies a text; without `label` it is an icon. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const t = useTexts(commonTexts)
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await copyText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  const icon = copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />
  if (label !== undefined) {
    return (
      <Button size="small" onClick={() => void copy()}>
        {icon}
        {copied ? t.copied : label}
      </Button>
    )
  }
  return (
    <IconButton label={copied ? t.copied : t.copy} className="size-7" onClick={() => void copy()}>
      {icon}
    </IconButton>
  )
}

/** Plain http on another host has no clipboard interface: a selection still works there. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
