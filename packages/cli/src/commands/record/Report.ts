import { relative } from "node:path"
import type { ComparedFixture } from "@execlog/contract-tests/recording"

/** What became of one fixture, as `record` prints it. */
export interface RecordReport {
  /** From the working directory. */
  readonly file: string
  readonly what: string
  readonly written: boolean
  /** Whether a file of this name was there. */
  readonly existed: boolean
  readonly bytes: number
  readonly executions: number
  readonly requests: ReadonlyArray<string>
  readonly masked: ComparedFixture["masked"]
  /** How the answers differ in shape from those of the file that was there. */
  readonly differences: NonNullable<ComparedFixture["differences"]>
  readonly suspicions: ComparedFixture["suspicions"]
}

/** The report on each fixture. */
export const recordReports = (
  fixtures: ReadonlyArray<ComparedFixture>,
  written: boolean,
  directory: string,
): ReadonlyArray<RecordReport> =>
  fixtures.map(
    ({
      file,
      what,
      text,
      executions,
      requests,
      masked,
      differences,
      suspicions,
    }): RecordReport => ({
      file: relative(directory, file),
      what,
      written,
      existed: differences !== null,
      bytes: Buffer.byteLength(text),
      executions,
      requests,
      masked,
      differences: differences ?? [],
      suspicions,
    }),
  )
