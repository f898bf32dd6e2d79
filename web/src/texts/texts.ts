import { type Language, useLanguage } from '@/lib/preferences.ts'

/** Both languages of one text, English first; a function where it has parameters. */
type Entry =
  | readonly [en: string, zh: string]
  | readonly [en: (...values: never[]) => string, zh: (...values: never[]) => string]
export type Catalogue = Readonly<Record<string, Entry>>
export type Texts<C extends Catalogue> = { readonly [K in keyof C]: C[K][0] }

/** Declares the texts of one part of the panel: a missing language is a type error. */
export function defineTexts<const C extends Catalogue>(catalogue: C): C {
  return catalogue
}

/** The texts in the language that is shown: `t.title`, `t.found(12)`. */
export function useTexts<C extends Catalogue>(catalogue: C): Texts<C> {
  return textsIn(catalogue, useLanguage())
}

const cache = new WeakMap<Catalogue, Partial<Record<Language, unknown>>>()

function textsIn<C extends Catalogue>(catalogue: C, language: Language): Texts<C> {
  const made = cache.get(catalogue) ?? {}
  cache.set(catalogue, made)
  made[language] ??= Object.fromEntries(
    Object.entries(catalogue).map(([key, [en, zh]]) => [key, language === 'zh' ? zh : en]),
  )
  return made[language] as Texts<C>
}
