import type { Rejected } from "@execlog/core"
import { ExitCode } from "./ExitCode.js"
import type { Notices } from "./Notices.js"

/** What is said of an item that could not be read. */
export const rejectedText = ({ id, index, reason }: Rejected): string =>
  `item ${index} (${id ?? "without id"}) was rejected: ${reason}`

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
