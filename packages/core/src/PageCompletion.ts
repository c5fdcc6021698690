import * as Effect from "effect/Effect"
import { completeDetails, type DetailSource, detailsWarning } from "./Details.js"
import type { Include } from "./LogQuery.js"
import type { WalkPage } from "./PageMapping.js"
import type { Details } from "./ReadOptions.js"

/** A page whose executions are completed; what could not be had is one warning. */
export const completePage = Effect.fnUntraced(function* (
  source: DetailSource,
  page: WalkPage["page"],
  details: Details,
  include: ReadonlyArray<Include> | undefined,
) {
  const { executions, incomplete } = yield* completeDetails(
    source,
    page.executions,
    details,
    include,
  )
  const warning = detailsWarning(incomplete)
  return {
    ...page,
    executions,
    warnings: [...page.warnings, ...(warning === null ? [] : [warning])],
  }
})
