import { makeStatistics } from "@execlog/core"
import type { ConnectionFlags } from "./ConnectionFlags.js"
import { readDimensions } from "./DimensionFlag.js"
import { endOfReading } from "./ExecutionSource.js"
import { type ExitCode, leastFailure } from "./ExitCode.js"
import { type FormatFlag, guardsFormulas, readFormat } from "./FormatFlag.js"
import { statisticsText } from "./formats/StatisticsFormats.js"
import type { QueryFlags } from "./QueryFlags.js"
import { readQuestion } from "./QueryReading.js"
import type { Session } from "./Session.js"
import { chooseStatistics } from "./SourceChoice.js"
import type { GoneFlag, StoredFlags } from "./StoreFlags.js"

/** The flags of `stats`. */
export interface StatsFlags extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags, GoneFlag {
  readonly by?: string
  readonly strict?: boolean
}

/** Counts executions. Gives the exit code. */
export const stats = async (flags: StatsFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const question = readQuestion(flags, Date.now(), null)
  const by = readDimensions(flags.by)
  const format = readFormat(flags, output.isTerminal)
  const guards = guardsFormulas(flags)
  const source = await chooseStatistics(flags, question, session)
  const { opened, chunks, reading } = source
  if (opened.length === 0) return leastFailure(reading.outcomes)

  const statistics = makeStatistics(by)
  let count = 0
  for await (const rows of chunks) {
    for (const row of rows) statistics.add(row)
    count += rows.length
  }

  const isIncomplete = reading.outcomes.length > 0 || interruption.aborted
  if (count > 0 || format !== "table") {
    await output.write(await statisticsText(format, by, statistics, output, guards))
  } else if (!isIncomplete) notices.say("No executions.")
  if (isIncomplete) {
    notices.warn("The figures are incomplete: not all that was asked for could be read.")
  } else if (reading.rejected > 0) {
    notices.warn(`The figures are incomplete: ${reading.rejected} items were rejected.`)
  }
  return endOfReading(source, flags, session)
}
