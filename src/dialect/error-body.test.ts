import { describe, expect, it } from 'vitest'
import { readErrorText, readProviderError } from './error-body.ts'

describe('what a provider says of a failure', () => {
  it('is found however deep it lies, or there is none', () => {
    const deep = (depth: number, inside: string): string =>
      `${'['.repeat(depth)}${inside}${']'.repeat(depth)}`
    expect(readErrorText(deep(50_000, '"busy"'))).toMatchObject({ message: 'busy' })
    expect(readErrorText(deep(50_000, ''))).toMatchObject({ code: null })
    const nested = JSON.parse(`{"error":{"x":${deep(6_000, '')}}}`) as unknown
    expect(readProviderError(nested)?.message).not.toBe('')
  })

  it('is the words of a page, also of one that hides most of it', () => {
    expect(readErrorText('<h1>Bad gateway</h1><script>var x</script>')).toMatchObject({
      message: 'Bad gateway',
    })
    expect(readErrorText(`Busy ${'<style'.repeat(10_000)}`)).toMatchObject({ message: 'Busy' })
    expect(readErrorText('<'.repeat(60_000)).message).not.toBe('')
  })
})
