import { type StatisticDimension, statisticDimensions } from "@execlog/core"
import { UsageError } from "../../session/UsageError.js"

/** Reads --by: what executions are grouped by. */
export const readDimensions = (written: string | undefined): ReadonlyArray<StatisticDimension> => {
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
