import type { LogPage } from "@execlog/core"
import { holds } from "../kit/ContractViolation.js"
import type { LiveCheck } from "./LiveCheck.js"
import { readLive } from "./LiveReading.js"

const held = (page: LogPage): number => page.executions.length + page.rejected.length

/**
 * The largest page is as large as declared. A page may also be smaller because the server hides rows;
 * but if it clamps the size, pages of different requested sizes have the same length.
 */
export const largestPage: LiveCheck = {
  promise: "returns pages as large as the adapter declares",
  appliesTo: () => true,
  run: async ({ client, endpoints }) => {
    for (const { base, endpoint } of endpoints) {
      const { maxPageSize, route } = endpoint
      const most = held(await client.page(base))
      if (most === 0 || most + 1 >= maxPageSize) continue
      const cut = held(await client.page({ ...base, pageSize: most + 1 }))
      if (cut !== most) continue
      const { executions } = await readLive(client, base, { executions: most + 1, pages: 4 })
      holds(executions.length <= most, () => ({
        found: `${route} gave ${most} executions where ${maxPageSize} were requested, ${most} where ${most + 1} were, and more follow.`,
        expected: `maxPageSize to be the largest page that the server gives, which is ${most} here`,
        why: "Plans and the number of requests depend on maxPageSize.",
      }))
    }
  },
}
