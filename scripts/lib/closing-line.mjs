/**
 * A vitest reporter that ends a run with one line on its own, such as `123 passed, 0 failed`.
 * A file that could not be loaded, a hook that threw and an error outside every test each count as
 * failed. Where CI is set, a skipped test fails the run: there it would hide for good.
 */
export default class ClosingLine {
  /**
   * @param {readonly import("vitest/node").TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      let failed = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === "passed") count.passed++
        else if (state === "failed") failed++
        else count.skipped++
      }
      count.failed += failed === 0 && !module.ok() ? 1 : failed
    }
    count.failed += unhandledErrors.length

    if (process.env.CI && count.skipped > 0) {
      console.error("Tests were skipped, which fails the run where CI is set.")
      process.exitCode = 1
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ""
    console.log(`${count.passed} passed, ${count.failed} failed${skipped}`)
  }
}
