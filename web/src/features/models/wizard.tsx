import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '@/api/client.ts'
import { useDraft } from '@/draft/draft.ts'
import { useLanguage } from '@/lib/preferences.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog } from '@/ui/dialog.tsx'
import { Field, Input, Select, Switch } from '@/ui/field.tsx'
import { ErrorState } from '@/ui/states.tsx'
import { toast } from '@/ui/toast.tsx'
import { commonTexts } from '@/texts/common.ts'
import { useTexts } from '@/texts/texts.ts'
import type { TierName } from '@/features/routing/pool.ts'
import { ApiKeyField } from './api-key-field.tsx'
import { ModelPicker } from './model-picker.tsx'
import { PRESETS, type Preset } from './presets.ts'
import { addProvider } from './provider-edits.ts'
import { modelTexts } from './texts.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Preset, key, models of the account, tiers: then it stands in the draft. */
export function Wizard({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(modelTexts)
  const common = useTexts(commonTexts)
  const { shown } = useDraft()
  const [preset, setPreset] = useState<Preset>(
    () => PRESETS.find(({ id }) => shown.providers?.[id] === undefined) ?? (PRESETS[0] as Preset),
  )
  const [name, setName] = useState(preset.id)
  const [baseUrl, setBaseUrl] = useState(preset.baseUrl)
  const [key, setKey] = useState('')
  const [allowPrivate, setAllowPrivate] = useState(false)
  const [tiers, setTiers] = useState<ReadonlyMap<string, TierName | null>>(new Map())
  const account = {
    base_url: baseUrl.trim(),
    api_key: key.trim(),
    allow_private: allowPrivate,
    ...(preset.profile === undefined ? {} : { profile: preset.profile }),
  }
  const fetched = useMutation({
    mutationFn: () => call('post', '/providers/models', { input: account }),
  })
  const choose = (id: string): void => {
    const next = PRESETS.find((one) => one.id === id) ?? preset
    setPreset(next)
    setName(next.id === 'custom' ? '' : next.id)
    setBaseUrl(next.baseUrl)
    setAllowPrivate(next.allowPrivate === true)
    setTiers(new Map())
    fetched.reset()
  }
  const nameError = nameProblem(name, shown.providers ?? {}, t)
  const finish = (): void => {
    const models = [...tiers].map(([id, tier]) => ({ id, tier }))
    addProvider(shown, {
      id: name,
      baseUrl: account.base_url,
      apiKey: account.api_key,
      profile: preset.profile,
      allowPrivate,
      models,
    })
    toast(t.finished)
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.wizardTitle}
      size="large"
      footer={
        <>
          <Button onClick={onClose}>{common.cancel}</Button>
          <Button
            kind="primary"
            disabled={nameError !== null || account.base_url === '' || tiers.size === 0}
            onClick={finish}
          >
            {t.finish(tiers.size)}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault()
          fetched.mutate()
        }}
      >
        <PresetField preset={preset} onChoose={choose} />
        <Field label={t.name} hint={t.nameHint} error={name === '' ? null : nameError}>
          {(control) => (
            <Input
              {...control}
              required
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t.address}>
          {(control) => (
            <Input
              {...control}
              required
              type="url"
              value={baseUrl}
              placeholder="https://…/v1"
              onChange={(event) => setBaseUrl(event.target.value)}
            />
          )}
        </Field>
        <ApiKeyField
          label={t.apiKey}
          hint={
            <>
              {preset.variable !== '' && t.apiKeyHint(preset.variable)}{' '}
              {preset.keyUrl !== undefined && (
                <a
                  href={preset.keyUrl}
                  target="_blank"
                  rel="noopener noreferrer"
                  className="text-accent underline"
                >
                  {t.getKey}
                </a>
              )}
            </>
          }
          value={key}
          onChange={setKey}
        />
        <span className="flex items-center gap-2 text-[13px]">
          <Switch checked={allowPrivate} label={t.allowPrivate} onChange={setAllowPrivate} />
          {t.allowPrivate}
        </span>
        <div className="flex justify-end">
          <Button
            type="submit"
            kind={fetched.data === undefined ? 'primary' : 'default'}
            busy={fetched.isPending}
          >
            {fetched.isPending ? t.fetching : t.fetch}
          </Button>
        </div>
      </form>
      {fetched.isError && <ErrorState error={fetched.error} />}
      {fetched.data?.ok === false && (
        <div role="alert" className="mt-3 rounded-md bg-bad-soft p-2.5 text-[13px] text-bad">
          <p className="font-medium">{t.fetchFailed}</p>
          <p className="break-words">{fetched.data.error}</p>
          <p>{t.fetchFailedHint}</p>
        </div>
      )}
      {fetched.data !== undefined && (
        <ModelPicker
          account={account}
          items={fetched.data.items}
          tiers={tiers}
          onChange={setTiers}
        />
      )}
    </Dialog>
  )
}

function PresetField({
  preset,
  onChoose,
}: {
  readonly preset: Preset
  readonly onChoose: (id: string) => void
}) {
  const t = useTexts(modelTexts)
  const language = useLanguage()
  return (
    <Field label={t.stepProvider}>
      {(control) => (
        <Select
          {...control}
          autoFocus
          className="w-full"
          value={preset.id}
          onChange={(event) => onChoose(event.target.value)}
        >
          {PRESETS.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name[language === 'zh' ? 1 : 0]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

function nameProblem(
  name: string,
  providers: Readonly<Record<string, unknown>>,
  t: { readonly nameBad: string; readonly nameTaken: string },
): string | null {
  if (!NAME.test(name)) return t.nameBad
  return Object.hasOwn(providers, name) ? t.nameTaken : null
}
