import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { sentFilters, shownEndpoints } from "./Coverage.js"

/** What the provider is said to filter by, it is told. */
export const toldFilters: AdapterCheck = {
  promise: "sends the provider each filter that it says the provider answers",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, base } of shownEndpoints(subject)) {
      for (const { name, query, sent } of sentFilters(subject, endpoint, base)) {
        holds(Object.keys(sent).length > 0, () => ({
          found: `${endpoint.route} sends nothing for ${name} of ${shown(query)}, and says that the provider answers it.`,
          expected: "parameters that carry it; Filter.here where execlog filters",
          why: "Everything comes, or the whole log is read where a few rows would do.",
        }))
      }
    }
  },
}
