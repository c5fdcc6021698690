import { expect } from "vitest"
import type { Warning, WarningCode } from "../src/index.js"

/** An expected warning about a part of the query, with a pattern for its text. */
export const warningAbout = (code: WarningCode, part: string | null, text = /./) => ({
  code,
  subject: part === null ? null : { kind: "query", name: part },
  about: expect.any(Array),
  text: expect.stringMatching(text),
})

/** The codes of warnings. */
export const codesOf = (warnings: ReadonlyArray<Warning>): ReadonlyArray<WarningCode> =>
  warnings.map(({ code }) => code)
