import { Learning } from '../app/learning.ts'
import { refit } from '../app/refit.ts'
import type { Promotion } from '../classify/learning/promotion.ts'
import { say } from '../contract/message.ts'
import { evalMessages } from '../contract/messages/eval.ts'
import type { CliOptions } from './arguments.ts'
import { EXIT } from './exit-code.ts'

/** `learn [status|refit|rollback]`: what this gateway has learnt from feedback. */
export async function learn({ positionals, language, dataDir }: CliOptions): Promise<number> {
  const [action = 'status'] = positionals
  const learning = new Learning(dataDir)
  const print = (text: string): number => {
    process.stdout.write(`${text}\n`)
    return EXIT.ok
  }
  switch (action) {
    case 'status':
      return print(say(evalMessages.learnStatus, language, { ...learning.status() }))
    case 'rollback':
      return print(say(evalMessages.learnRollback, language, { version: learning.rollback() }))
    case 'refit':
      return print(told(refit(dataDir), language))
    default:
      process.stderr.write(`${say(evalMessages.learnUsage, language)}\n`)
      return EXIT.usage
  }
}

function told(promotion: Promotion, language: CliOptions['language']): string {
  switch (promotion.kind) {
    case 'too_few':
      return say(evalMessages.learnTooFew, language, { lessons: promotion.lessons })
    case 'refused':
    case 'promoted': {
      const { ownLoss, publicAccuracy } = promotion.report
      const text =
        promotion.kind === 'promoted' ? evalMessages.learnPromoted : evalMessages.learnRefused
      return say(text, language, {
        ownBefore: ownLoss[0].toFixed(3),
        ownAfter: ownLoss[1].toFixed(3),
        publicBefore: publicAccuracy[0].toFixed(3),
        publicAfter: publicAccuracy[1].toFixed(3),
      })
    }
  }
}
