/** Stems that lists of leaked passwords are made of; long ones are stems with digits and marks. */
const STEMS =
  /^(?:password|passwort|passw0rd|p@ssw0rd|qwerty|qwertyuiop|asdfghjkl|zxcvbnm|letmein|welcome|admin|administrator|iloveyou|monkey|dragon|sunshine|princess|football|baseball|superman|batman|trustno1|master|shadow|michael|abc|abcd|abcdef|abcdefghijkl|woaini|changeme|default|secret|smartroute|gateway|root|test|user|login|hello|google|openai|chatgpt|deepseek)+$/

/** Whether a password is a known one, or a known one with digits and marks around it. */
export function isCommonPassword(password: string): boolean {
  const text = password.toLowerCase()
  const letters = text.replace(/^[\d\W_]+|[\d\W_]+$/g, '')
  const isRepeated = /^(.{1,4})\1+.?.?.?$/.test(text)
  return letters === '' || isRepeated || STEMS.test(letters) || isRow(text)
}

/** `123456789012`, `abcdefghijklm`: every character follows the one before. */
function isRow(text: string): boolean {
  let steps = 0
  for (let index = 1; index < text.length; index++) {
    const step = text.charCodeAt(index) - text.charCodeAt(index - 1)
    if (Math.abs(step) <= 1 || step === -9) steps++
  }
  return steps >= text.length - 2
}
