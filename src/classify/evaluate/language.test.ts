import { describe, expect, it } from 'vitest'
import { languageOf, languageOfTag } from './language.ts'

describe('the language of a text', () => {
  it.each([
    ['What is the capital of Peru?', 'en'],
    ["We've already decided on the title; write the introduction", 'en'],
    ['Los Angeles in May: what to wear?', 'en'],
    ['A résumé for the Café Noir, please', 'en'],
    ['translate: "Wo ist der Bahnhof?"', 'en'],
    ['list: "¿Qué hora es?", « Où est la gare ? »', 'en'],
    ['swimmer, stool, banner, apple', 'en'],
    ['Wie heißt die Hauptstadt?', 'other'],
    ['Nenne mir drei Fluesse', 'other'],
    ['¿Cuál es la capital de Perú?', 'other'],
    ['Escribe un poema sobre el mar', 'other'],
    ["Quelle est la capitale de l'Italie ?", 'other'],
    ['Qual a temperatura atual em Lisboa?', 'other'],
    ['Hoe heet de hoofdstad van het land?', 'other'],
    ['bài thơ về ông', 'other'],
    ['Traduce: "the cat is on the table"', 'other'],
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
    [' English ', 'en'],
    ['eng', 'en'],
    ['英文', 'en'],
    ['Chinese', 'zh'],
    ['Chinese (Simplified)', 'zh'],
    ['simplified chinese', 'zh'],
    ['cn', 'zh'],
    ['中文', 'zh'],
    ['中文（简体）', 'zh'],
    ['zho_Hans', 'zh'],
    ['non-English', 'non-English'],
    ['de-CN', 'de-CN'],
    ['enm', 'enm'],
    ['de', 'de'],
  ])('by the tag %s is %s', (tag, language) => {
    expect(languageOfTag(tag)).toBe(language)
  })
})
