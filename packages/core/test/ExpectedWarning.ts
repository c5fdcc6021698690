import { expect } from "vitest"
import type { Warning, WarningCode } from "../src/index.js"

/** A warning as a test expects it, about a part of the query; its text matches. */
export const warningAbout = (code: WarningCode, part: string | null, text = /./) => ({
  code,
  subject: part === null ? null : { kind: "query", name: part },
  text: expect.stringMatching(text),
})

/** Which warnings they are. */
export const codesOf = (warnings: ReadonlyArray<Warning>): ReadonlyArray<WarningCode> =>
  warnings.map(({ code }) => code)
