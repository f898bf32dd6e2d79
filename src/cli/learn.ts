import { faultText } from '../app/learning-fault.ts'
import { Learning, type LearningStatus } from '../app/learning.ts'
import { refit } from '../app/refit.ts'
import type { Promotion } from '../classify/learning/promotion.ts'
import { type Language, say } from '../contract/message.ts'
import { cliMessages } from '../contract/messages/cli.ts'
import { evalMessages } from '../contract/messages/eval.ts'
import { learningMessages } from '../contract/messages/learning.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** `learn [status|refit|rollback]`: what this gateway has learnt from feedback. */
export async function learn(options: CliOptions): Promise<number> {
  try {
    return run(options)
  } catch (error) {
    // Anything but a file that cannot be used is a bug.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    const values = { path: options.dataDir, detail: (error as Error).message }
    process.stderr.write(`${say(cliMessages.dataDir, options.language, values)}\n`)
    return EXIT.io
  }
}

function run({ positionals, language, dataDir }: CliOptions): number {
  const [action = 'status'] = positionals
  const learning = new Learning(dataDir, {
    onFault: (fault) => process.stderr.write(`${faultText(fault, language)}\n`),
  })
  const print = (text: string): number => {
    process.stdout.write(`${text}\n`)
    return EXIT.ok
  }
  switch (action) {
    case 'status':
      return print(statusText(learning.status(), language))
    case 'rollback':
      return print(say(evalMessages.learnRollback, language, { version: learning.rollback() }))
    case 'refit':
      return print(told(refit(learning), language))
    default:
      process.stderr.write(`${say(evalMessages.learnUsage, language)}\n`)
      return EXIT.usage
  }
}

function statusText(status: LearningStatus, language: Language): string {
  const { model, lessons, version, others, broken } = status
  const { learnt, heldOut } = status.effect
  const lines = [say(evalMessages.learnStatus, language, { lessons, version })]
  if (others.lessons + others.corrections > 0) {
    lines.push(say(learningMessages.statusOthers, language, { ...others, model }))
  }
  if (learnt.lessons + heldOut.lessons > 0) {
    const held = { heldLessons: heldOut.lessons, heldRight: heldOut.right }
    lines.push(say(learningMessages.statusEffect, language, { ...learnt, ...held }))
  }
  if (broken !== null) {
    lines.push(say(learningMessages.statusBroken, language, { path: broken }))
  }
  return lines.join('\n')
}

function told(promotion: Promotion, language: CliOptions['language']): string {
  switch (promotion.kind) {
    case 'too_few':
      return say(evalMessages.learnTooFew, language, { lessons: promotion.lessons })
    case 'refused':
    case 'promoted': {
      const { ownLoss, ownAccuracy, publicAccuracy } = promotion.report
      const text =
        promotion.kind === 'promoted' ? evalMessages.learnPromoted : evalMessages.learnRefused
      return say(text, language, {
        ownBefore: ownLoss[0].toFixed(3),
        ownAfter: ownLoss[1].toFixed(3),
        rightBefore: ownAccuracy[0].toFixed(3),
        rightAfter: ownAccuracy[1].toFixed(3),
        publicBefore: publicAccuracy[0].toFixed(3),
        publicAfter: publicAccuracy[1].toFixed(3),
      })
    }
  }
}
