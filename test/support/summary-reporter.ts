import type { Reporter, TestModule } from 'vitest/node'

/**
 * CI reads one plain closing line, whatever the runner. A file that fails to load counts as failed;
 * what passed only on the second try is named, so that nobody overlooks it.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[] = []): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        count[test.result().state]++
        if (test.diagnostic()?.flaky === true) {
          process.stdout.write(`passed on the second try: ${module.moduleId} > ${test.fullName}\n`)
        }
      }
      count.failed += module.errors().length
    }
    process.stdout.write(
      `\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`,
    )
  }
}
