import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { coveredFilters, shownEndpoints } from "./Coverage.js"

/** Filters declared as the provider's are sent. */
export const sentFilters: AdapterCheck = {
  promise: "sends the provider each filter that it says the provider answers",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, base } of shownEndpoints(subject)) {
      for (const { name, query, sent } of coveredFilters(subject, endpoint, base)) {
        holds(Object.keys(sent).length > 0, () => ({
          found: `${endpoint.route} sends nothing for ${name} of ${shown(query)}, but declares that the provider answers it.`,
          expected: "parameters with the filter, or Filter.here if execlog filters",
          why: "The query returns everything, or reads the whole log for a few rows.",
        }))
      }
    }
  },
}
