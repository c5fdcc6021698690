import { type Rejected, summingRejected } from "@execlog/core"
import { ExitCode } from "../session/ExitCode.js"
import type { Notices } from "../session/Notices.js"

/** Says the first few items of a place that could not be read, and how many more there were. */
export const rejectedNotices = (
  notices: Pick<Notices, "warn">,
  label: string,
): ((rejected: Rejected) => void) =>
  summingRejected(
    ({ id, index, reason }) =>
      notices.warn(`${label}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`),
    (count) => notices.warn(`${label}: ${count} more items have been rejected so far.`),
  )

/** The exit code of so many rejected items under `--strict`, where there are any, which is said. */
export const strictOutcome = (
  { strict }: { readonly strict?: boolean },
  rejected: number,
  notices: Notices,
): ReadonlyArray<ExitCode> => {
  if (strict !== true || rejected === 0) return []
  notices.fail(`${rejected} items were rejected, and --strict is given.`, null)
  return [ExitCode.rejected]
}
