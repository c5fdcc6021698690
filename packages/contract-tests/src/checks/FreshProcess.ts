import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { FixtureCheck } from "../kit/Check.js"
import { ContractViolation } from "../kit/ContractViolation.js"
import { isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import type { ResumeRequest } from "../kit/ResumeRequest.js"
import { sameRest } from "./ListWalk.js"

const run = promisify(execFile)

/** A cursor works after a restart. */
export const freshProcess: FixtureCheck = {
  promise: "resumes in a new process from the cursor alone",
  appliesTo: ({ options }, fixture) =>
    options.module !== undefined &&
    listQueryOf(fixture) !== null &&
    !isErrorFixture(fixture) &&
    fixture.excerpt !== true &&
    fixture.exchanges.length > 1,
  run: async (subject, fixture) => {
    const pages = await subject.pages(fixture)
    const [first, ...rest] = pages
    const { module } = subject.options
    if (!first?.next || module === undefined) return
    const settings = subject.settings(fixture)
    const request: ResumeRequest = { fixture, adapter: module.href, settings, cursor: first.next }
    const running = run(process.execPath, [script()], { maxBuffer: 1e8 })
    // If the process did not read its request, its stderr says why.
    running.child.stdin?.on("error", () => undefined).end(JSON.stringify(request))
    const output = await running.catch((cause: unknown) => {
      throw new ContractViolation({
        found: `${fixture.name}.json: a new process could not resume from the cursor of page 1: ${String(cause)}`,
        expected: `the rest of the walk, by the default export of ${module.href}; is it built?`,
        why: "After an interruption, a new process resumes the walk.",
        cause,
      })
    })
    const ids: ReadonlyArray<string> = JSON.parse(output.stdout)
    sameRest(
      `${fixture.name}.json, in a new process after page 1`,
      ids,
      rest.flatMap(({ executions }) => executions.map(({ id }) => id)),
    )
  },
}

/** The published script; when run from source, the one in dist. */
const script = (): string => {
  const beside = fileURLToPath(new URL("../resume.js", import.meta.url))
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL("../../dist/resume.js", import.meta.url))
}
