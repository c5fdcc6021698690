import {
  type StatisticDimension,
  makeStatistics,
  statisticDimensions,
} from "@execlog/core/statistics"
import type { ConnectionFlags } from "../../flags/ConnectionFlags.js"
import { type FormatFlag, guardsFormulas, readFormat } from "../../flags/FormatFlag.js"
import type { QueryFlags } from "../../flags/QueryFlags.js"
import { readListRequest } from "../../flags/ReadQuery.js"
import type { GoneFlag, StoredFlags } from "../../flags/StoreFlags.js"
import { type ExitCode, leastFailure } from "../../session/ExitCode.js"
import type { Session } from "../../session/Session.js"
import { UsageError } from "../../session/UsageError.js"
import { exitCodeAfterReading } from "../../sources/ExecutionSource.js"
import { chooseStatistics } from "../../sources/SourceChoice.js"
import { statisticsText } from "./StatisticsFormats.js"

/** The flags of `stats`. */
export interface StatsFlags extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags, GoneFlag {
  readonly by?: string
  readonly strict?: boolean
}

/** Counts executions. Returns the exit code. */
export const stats = async (flags: StatsFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const request = readListRequest(flags, Date.now(), null)
  const by = readDimensions(flags.by)
  const format = readFormat(flags, output.isTerminal)
  const guards = guardsFormulas(flags)
  const source = await chooseStatistics(flags, request, session)
  const { isOpen, chunks, reading } = source
  if (!isOpen) return leastFailure(reading.outcomes)

  const statistics = makeStatistics(by)
  let count = 0
  for await (const rows of chunks) {
    for (const row of rows) statistics.add(row)
    count += rows.length
  }

  const isIncomplete = reading.outcomes.length > 0 || interruption.aborted
  if (count > 0 || format !== "table") {
    await output.write(await statisticsText(format, by, statistics, output, guards))
  } else if (!isIncomplete) notices.print("No executions.")
  if (isIncomplete) {
    notices.warn("The figures are incomplete: not everything could be read.")
  } else if (reading.rejected > 0) {
    notices.warn(`The figures are incomplete: ${reading.rejected} items were rejected.`)
  }
  return exitCodeAfterReading(source, flags, session)
}

/** Reads --by. */
const readDimensions = (written: string | undefined): ReadonlyArray<StatisticDimension> => {
  const words = (written ?? "connection").split(",").map((word) => word.trim())
  return [...new Set(words)].map((word) => {
    const dimension = statisticDimensions.find((known) => known === word)
    if (dimension !== undefined) return dimension
    throw new UsageError(
      word === ""
        ? `--by: a word is missing in "${written}".`
        : `--by: executions cannot be grouped by "${word}".`,
      `Write one or more of ${statisticDimensions.join(", ")}, with commas between them.`,
    )
  })
}
