import { relative } from "node:path"
import type { ComparedFixture } from "@execlog/contract-tests/recording"

/** The report on one fixture, as `record` prints it. */
export interface RecordReport {
  /** Relative to the working directory. */
  readonly file: string
  readonly what: string
  readonly written: boolean
  /** Whether the file existed before. */
  readonly existed: boolean
  readonly bytes: number
  readonly executions: number
  readonly requests: ReadonlyArray<string>
  readonly masked: ComparedFixture["masked"]
  /** How the responses differ in shape from those in the existing file. */
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
