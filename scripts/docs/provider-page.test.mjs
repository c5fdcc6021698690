import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { adapterNames } from "../lib/adapter-names.mjs"
import { composeProviderPage, providerPagePath } from "./provider-page.mjs"

it("matches docs/providers.md (pnpm providers)", async () => {
  expect(readFileSync(providerPagePath, "utf8")).toBe(await composeProviderPage())
})

it("writes a part of docs/providers.md for each adapter package", async () => {
  const page = await composeProviderPage()
  for (const name of adapterNames) {
    expect(page).toContain(`[\`@execlog/${name}\`](../packages/adapters/${name}/README.md)`)
  }
})
