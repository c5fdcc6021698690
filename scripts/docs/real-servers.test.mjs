import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

const page = new URL("../../docs/real-servers.md", import.meta.url)
const rows = [...readFileSync(page, "utf8").matchAll(/"(.+)" in \[.+\]\((.+)\) +\|/g)]

it("docs/real-servers.md has a row for each kind", () => {
  expect(rows.length).toBeGreaterThan(40)
})

it("docs/real-servers.md names tests that are there", () => {
  const missing = rows.filter(
    ([, name = "", path = ""]) => !readFileSync(new URL(path, page), "utf8").includes(`"${name}"`),
  )
  expect(missing.map(([row]) => row)).toEqual([])
})
