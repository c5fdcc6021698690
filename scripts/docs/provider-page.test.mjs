import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { composeProviderPage, providerPagePath } from "./provider-page.mjs"

it("docs/providers.md says what the adapters declare: pnpm providers writes it", async () => {
  expect(readFileSync(providerPagePath, "utf8")).toBe(await composeProviderPage())
})

it("docs/providers.md has a part for each package of an adapter", async () => {
  const page = await composeProviderPage()
  for (const name of ["alloy", "dify", "n8n", "prefect"]) {
    expect(page).toContain(`[\`@execlog/${name}\`](../packages/adapters/${name}/README.md)`)
  }
})
