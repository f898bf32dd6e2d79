/** Enough to tell a language by; a pasted document adds nothing. */
const CHARS_MAX = 20_000
/** Where an order ends: what follows may be in another language, to be translated. */
const ORDER_END = /[:"“”«\n]/

/** Frequent words of English that are none of the languages below. */
const ENGLISH: ReadonlySet<string> = setOf(
  `the of and to is are be with for from that this these it its not what which who how why when where can
  could would should will does did you your my our their have has if about into at by or but than then
  there write explain give make tell find list show create use using please translate summarize
  describe compare between english i'm i've i'd i'll we've we're don't can't it's what's let's`,
)

/** Frequent words of languages in Latin letters that are none of English, without their accents. */
const OTHERS: ReadonlySet<string> = setOf(
  // Spanish, Portuguese, Italian, French, Romanian
  `el una uno que como cual cuales donde cuando quien esta este esto eso pero porque muy hola
  gracias escribe explica dame hazme traduce cuanto cuanta uma nas isso seu sua qual quais onde quando
  ola tudo bem voce escreva explique obrigado gli della delle nel nella che sono questo questa quale
  perche grazie scrivi spiega les une dans avec qui quoi quel quelle quels quelles comment pourquoi
  cette ces nous vous ils elles votre mais bonjour merci ecris donne moi sau pentru`,
  // German, Dutch, Swedish, Danish, Norwegian
  `der das dem ein eine einen einem einer und ist sind nicht von zum zur auf ich wir ihr wie wer warum
  welche welcher welches wann kann bitte schreibe schreib nenne gib mir hallo danke oder aber wenn auch
  het een niet waarom welke wat zijn voor schrijf maar ook och att det som jag inte hur vad skriv ikke
  hvad hvorfor jeg og`,
  // Polish, Czech, Turkish, Indonesian, Hungarian, Finnish
  `jest nie jak czy dla oraz napisz jsou bir bu ile yaz yang untuk dengan itu bagaimana tidak adalah
  dari tulis buatlah egy hogy mika miten kirjoita`,
)

/** The same where names and borrowed words look alike: Los Angeles, de facto, MIT. */
const BORROWED: ReadonlySet<string> = setOf(
  `de la le los las del con por son um das em na il di des du et est sont pour para sur je tu ce mes pas
  ou si pe din die den mit zu du er sie wo van hoe met dan apa mi ja se un en es al`,
)

/** The article or pronoun before a vowel, as of French and Italian. */
const ELIDED = /^(?:[cdjlmnst]|qu|dell|nell|all|un)'\p{L}{2}/u

/** Of a text in Latin letters: by the order it begins with, else by all. What tells little is English. */
export function isEnglish(text: string): boolean {
  const folded = text.slice(0, CHARS_MAX).normalize('NFKC').toLowerCase().replaceAll('’', "'")
  const order = lead(folded.split(ORDER_END, 1)[0] ?? '')
  return (Math.abs(order) >= 1 ? order : lead(folded)) > -1
}

/** How many more words are of English than of others. */
function lead(text: string): number {
  const words = text.match(/\p{Script=Latin}[\p{Script=Latin}']*/gu) ?? []
  return words.reduce((sum, word) => sum + weightOf(word), 0)
}

function weightOf(word: string): number {
  if (ENGLISH.has(word)) return 1
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '')
  if (OTHERS.has(plain)) return -1
  const isAccented = plain !== word || /[^a-z']/.test(word)
  // A name may have accents in any language.
  return isAccented || BORROWED.has(plain) || ELIDED.test(word) ? -0.5 : 0
}

function setOf(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(/\s+/)))
}
