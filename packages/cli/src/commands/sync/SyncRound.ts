import type { SyncSummary } from "@execlog/store"
import { padToWidth, styled } from "../../formats/Cell.js"
import { countText } from "../../formats/Figure.js"
import type { Format } from "../../formats/Format.js"
import { ExitCode } from "../../session/ExitCode.js"
import type { Output } from "../../session/Output.js"
import { humanDuration } from "../../text/HumanTime.js"
import { terminalJson, terminalText } from "../../text/TerminalText.js"

/** The outcome of the sync of one connection. */
export interface SyncOutcome {
  readonly label: string
  /** The counts of stored executions, including those before a failure. */
  readonly summary: SyncSummary
  readonly code: ExitCode
  readonly seconds: number
}

/** Writes the outcomes of a round. */
export type RoundWriter = (outcomes: ReadonlyArray<SyncOutcome>) => Promise<void>

/** Writes a line for each connection; after the first round only for connections with news. */
export const roundWriter = (format: Format, output: Output): RoundWriter => {
  const text = format === "table" ? roundLines : format === "json" ? roundJson : roundNdjson
  const before = new Map<string, SyncOutcome>()
  return async (outcomes) => {
    const shown = outcomes.filter((outcome) => hasNews(outcome, before.get(outcome.label)))
    for (const outcome of outcomes) before.set(outcome.label, outcome)
    if (shown.length > 0) await output.write(text(shown, output))
  }
}

const hasNews = ({ summary, code }: SyncOutcome, before: SyncOutcome | undefined): boolean =>
  before === undefined ||
  code !== before.code ||
  code === ExitCode.interrupted ||
  summary.added + summary.changed + summary.recovered + summary.stale + summary.gone > 0 ||
  // Each round rejects again what was rejected within the look-back.
  summary.rejected > before.summary.rejected

const roundJson = (outcomes: ReadonlyArray<SyncOutcome>): string =>
  `${terminalJson(outcomes.map(plain), 2)}\n`

const roundNdjson = (outcomes: ReadonlyArray<SyncOutcome>): string =>
  outcomes.map((outcome) => `${terminalJson(plain(outcome))}\n`).join("")

const plain = ({ summary, code, seconds }: SyncOutcome) => ({
  ...summary,
  exitCode: code,
  seconds: Math.round(seconds * 1000) / 1000,
})

const roundLines = (
  outcomes: ReadonlyArray<SyncOutcome>,
  { hasColors }: Pick<Output, "hasColors">,
): string => {
  const width = Math.max(...outcomes.map(({ label }) => terminalText(label).length))
  return outcomes
    .map((outcome) => {
      const label = padToWidth(terminalText(outcome.label), width, "left")
      const state = stateOf(outcome)
      const style = state === "up to date" ? "green" : state === "failed" ? "red" : "yellow"
      return `${label}  ${styled(state, style, hasColors)}  ${figures(outcome)}\n`
    })
    .join("")
}

const stateOf = ({ code }: Pick<SyncOutcome, "code">): string =>
  code === ExitCode.done ? "up to date" : code === ExitCode.interrupted ? "stopped" : "failed"

const figures = ({ summary, code, seconds }: SyncOutcome): string => {
  if (stateOf({ code }) === "failed" && summary.pages === 0) return "nothing was read"
  const { added, changed, unchanged, rejected, recovered, stale, gone } = summary
  const counts: ReadonlyArray<readonly [number, string]> = [
    [added, "new"],
    [changed, "changed"],
    [unchanged, "unchanged"],
    [recovered, "readable now"],
    [rejected, "rejected"],
    [gone, "gone"],
    [stale, "given up on"],
  ]
  const shown = counts.filter(([count], index) => index === 0 || count > 0)
  const words = shown.map(([count, what]) => `${countText(count)} ${what}`)
  return `${words.join(", ")}, in ${humanDuration(seconds * 1000)}${missingText(summary)}`
}

/** The end of a line that names what is known to be missing. */
const missingText = ({
  notRefreshed,
  missingDetails,
  unsearchedIds,
  omittedStatuses,
  lacksDetails,
  isStopped,
}: SyncSummary): string => {
  if (isStopped) return ""
  const missing = [
    ...(notRefreshed === 0
      ? []
      : [`${countText(notRefreshed)} that may have changed and could not be read again`]),
    ...(missingDetails === 0 ? [] : [`the reasons of ${countText(missingDetails)} failures`]),
    ...(unsearchedIds === 0
      ? []
      : [`waiting executions among ${countText(unsearchedIds)} numbers`]),
    ...(omittedStatuses.length === 0 ? [] : [`${omittedStatuses.join(" or ")} executions`]),
    ...(lacksDetails ? ["reasons of failures, which its list does not give"] : []),
  ]
  return missing.length === 0 ? "" : `; missing: ${missing.join(", ")}`
}
