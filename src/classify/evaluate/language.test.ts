import { describe, expect, it } from 'vitest'
import { languageOf, languageOfTag } from './language.ts'

describe('the language of a text', () => {
  it.each([
    ['What is the capital of Peru?', 'en'],
    ['Wie heißt die Hauptstadt?', 'en'],
    ['Let α and β be roots of x² + 1', 'en'],
    ['12 + 30 = ?', 'en'],
    ['', 'en'],
    ['法国的首都是哪里？', 'zh'],
    ['用 Python 写一个 quicksort', 'zh'],
    ['フランスの首都はどこですか', 'other'],
    ['프랑스의 수도는', 'other'],
    ['Какая столица Франции?', 'other'],
    ['ما هي عاصمة فرنسا', 'other'],
  ])('of "%s" is %s', (text, language) => {
    expect(languageOf(text)).toBe(language)
  })

  it.each([
    ['zh-CN', 'zh'],
    ['zh_Hans', 'zh'],
    ['ZH', 'zh'],
    ['en-US', 'en'],
    ['EN', 'en'],
    ['enm', 'enm'],
    ['de', 'de'],
  ])('by the tag %s is %s', (tag, language) => {
    expect(languageOfTag(tag)).toBe(language)
  })
})
