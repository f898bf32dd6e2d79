import { describe, expect, it } from 'vitest'
import { asksForSpeaker, asksForTitle, isSideRequest } from './side-request.ts'

describe('what programs ask about the talk itself', () => {
  it.each([
    "Provide a detailed prompt for continuing our conversation above. Focus on information that would be helpful for continuing the conversation, including what we did and what we're going to do next.",
    'First, reason in your scratchpad. Then, generate the <state_snapshot>.',
    'You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary for another LLM that will resume the task.',
    'The user stepped away and is coming back. Recap in under 40 words, 1-2 plain sentences, no markdown.',
    'Recap our conversation for somebody who joins now.',
    'Please help me predict the three most likely questions that human would ask, and keep each question under 20 characters.',
    "Read the above conversation. Then select the next role from ['a', 'b'] to play. Only return the role.",
    'Analyze this conversation and provide:\n1. The detected language of the conversation\n2. A concise title in the detected language (5 words or less, no punctuation or quotation)',
    'Given the following... please reply with a title for the chat that is 3-4 words in length.',
  ])('is known: %s', (text) => {
    expect(isSideRequest(text)).toBe(true)
  })

  it.each([
    'Write a prompt that makes a model continue a story.',
    'Take a snapshot of the database before the migration.',
    'Explain log compaction in Kafka.',
    'Predict the churn of these users and explain the model.',
    'Who should be the next speaker at our conference?',
    'Recap the French Revolution.',
    'Note that the API changed, please continue with the migration task',
    'Answer only with the name: who wrote Hamlet?',
  ])('is not what a human asks of something else: %s', (text) => {
    expect(isSideRequest(text)).toBe(false)
  })

  it('has a name or a speaker for its answer', () => {
    expect(asksForTitle('Reply with only a description in four words or less')).toBe(true)
    expect(asksForTitle('Reply with only the name of the city.')).toBe(false)
    const order = 'Then select the next role from {roles} to play. Only return the role.'
    const talk = 'user: Prove it.\n'.repeat(200)
    expect(asksForSpeaker(`Read the following conversation. ${order}\n\n${talk}`)).toBe(true)
    const roles = 'planner: plans the work of all others.\n'.repeat(40)
    expect(asksForSpeaker(`${roles}${talk}\nRead the above conversation. ${order}`)).toBe(true)
    expect(asksForSpeaker('You help to select the next speaker of a conference.')).toBe(false)
  })
})
