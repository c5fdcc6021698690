import * as Effect from "effect/Effect"
import { type Complete, detailsWarning } from "./Details.js"
import type { Include } from "../model/LogQuery.js"
import type { WalkPage } from "./MapPage.js"
import type { Details } from "./ReadOptions.js"

/** A page whose executions are completed; what could not be had is one warning. */
export const completePage = Effect.fnUntraced(function* (
  complete: Complete,
  page: WalkPage["page"],
  details: Details,
  include: ReadonlyArray<Include> | undefined,
) {
  const { executions, incomplete } = yield* complete(page.executions, { details, include })
  const warning = detailsWarning(incomplete)
  return {
    ...page,
    executions,
    warnings: [...page.warnings, ...(warning === null ? [] : [warning])],
  }
})
