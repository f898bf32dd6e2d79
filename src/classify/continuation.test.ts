import { describe, expect, it } from 'vitest'
import { isContinuation } from './continuation.ts'

describe('isContinuation', () => {
  it.each([
    'continue',
    'Continue.',
    'go on',
    'yes, go ahead',
    'ok do it',
    'y',
    '继续',
    '继续吧',
    '接着写',
    '好的，继续',
    '行，按你说的做',
    '可以',
    'weiter',
    'oui',
    'sí, adelante',
    'продолжай',
    '続けて',
    '계속해줘',
    'sounds good, please proceed',
    'keep going 🙏',
    '繼續',
    'option b',
    '嗯嗯 继续写下去',
    '好好好，继续',
    '好，开始实施',
    '继续执行下一步',
    '请继续完成',
    '继续生成',
    '选A',
    '按方案A',
    '可以，开工',
    '继续，谢谢谢谢',
    "let's do it",
    'yes, go ahead and implement it',
    'proceed with step 2',
    'yes to all',
    'System: Please continue.',
    'Continue if you have next steps, or stop and ask for clarification if you are unsure.',
    '👍',
    ...[
      '继续回答|继续优化|继续修改|继续修复|继续完善|继续刚才的|继续完成剩余任务|接着上面的写',
      '把剩下的写完|你还没写完|没写完，继续|断了，继续|没错，继续|去做吧|都做|全部修复|再来|然后呢',
      '第二种方案|第二个方案|方案B|用第二种方案吧|剩下的呢|繼續修復|继续，谢谢|谢谢，继续|A|b|B.|2',
      "what's next?|what’s next?|and the rest?|Continue generating|keep going, don't stop",
      'continue writing|finish the rest|you got cut off, please continue|Proceed to step 2.',
      'Yes, please proceed with the implementation|yes please go on, thanks|thank you, continue',
      'go with B|the second approach|do all of them|fix everything|続きを書いて|続きを書いてください',
    ].flatMap((row) => row.split('|')),
    'This session is being continued from a previous conversation that ran out of context. Design it.',
    'Summarize the task tool output above and continue with your task.',
    '[TASK RESUMPTION] This task was interrupted 2 minutes ago. It may or may not be complete.',
    'Analyze *only* the content and structure of your immediately preceding response (your last turn)',
  ])('%j goes on', (text) => {
    expect(isContinuation(text)).toBe(true)
  })

  it.each([
    'thanks!',
    'bye',
    '谢谢',
    'hello',
    'yes, but prove it first',
    '继续，把它改好让 plan 能过',
    '',
    'go on holiday where?',
    'what is next',
    '你好',
    'undo your last edit please',
    '好难过',
    '😀',
    'yes, go ahead and implement the whole ledger',
    '继续证明黎曼猜想',
    ...[
      '继续教育是什么|继续深造还是工作，帮我分析|第二种方案的证明是什么|继续教育|全部翻译|把代码重构|再来一首诗',
      'continue statement in python|A star is born, who plays?|is this session being continued?',
      "what's next for AI regulation?|the rest api of github|do everything in rust|go with rust",
      'ok thanks|perfect, thanks|yes thanks|lgtm thanks|ok thank you so much|thanks, looks good',
      '好的，谢谢|嗯，谢谢|可以了，谢谢|好，谢谢你|没问题，谢谢|就这样吧，谢谢啦|好的好的谢谢',
    ].flatMap((row) => row.split('|')),
  ])('%j does not', (text) => {
    expect(isContinuation(text)).toBe(false)
  })

  it('reads every repeated word in one way: time does not double with each', () => {
    const words = [
      '好|嗯|好的|那就|是的|对的|咱们|接着|可以|谢谢|执行|你就|那|没写完|没完成|断了|被中断了|没错|的',
      '继续|修改|修复|改|完成|完善|未完成|没|全部|部分|剩下|剩下的|写|编写|下一步|来|都做|然后|去做',
      'ok |go |yes |please |next |to the next step |let s |do it |the rest |finish the rest |a ',
      'with the plan now |to step now |thank you |thanks |you got cut off |continue writing |keep ',
      'it was cut off |do all |all of them |continue the work |then |and then |what s next |with ',
    ].flatMap((row) => row.split('|'))
    const began = performance.now()
    for (const word of words) {
      for (const other of ['', ...words]) {
        const pair = `${word}${other}`
        for (const start of ['', '继续', 'continue ']) {
          const count = Math.floor((58 - start.length) / pair.length)
          isContinuation(`${start}${pair.repeat(count)}吃x`)
        }
      }
    }
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
