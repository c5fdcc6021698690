import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

const page = new URL("../../docs/real-servers.md", import.meta.url)
const rows = [...readFileSync(page, "utf8").matchAll(/"(.+)" in \[.+\]\((.+)\) +\|/g)]

it("finds the rows of docs/real-servers.md", () => {
  expect(rows.length).toBeGreaterThan(40)
})

it("finds every test that docs/real-servers.md names", () => {
  const missing = rows.filter(
    ([, name = "", path = ""]) => !readFileSync(new URL(path, page), "utf8").includes(`"${name}"`),
  )
  expect(missing.map(([row]) => row)).toEqual([])
})
