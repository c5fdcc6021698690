import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { composeFaultPage, faultPagePath, readSeen } from "./fault-page.mjs"

it("matches docs/faults.md (pnpm faults)", () => {
  expect(readFileSync(faultPagePath, "utf8")).toBe(composeFaultPage(readSeen()))
})

it("writes a column for each endpoint and a row for each fault", () => {
  const seen = (title, fault) => ({
    title,
    routes: ["GET /a", "GET /b"],
    faults: [{ group: "The server rejects", fault, outcomes: ["recovered", "Timeout"] }],
  })
  const page = composeFaultPage([seen("Dify", "a_b"), seen("Other", "a_b")])
  expect(page).toContain("| Dify `GET /a` | Dify `GET /b` | Other `GET /a` | Other `GET /b` |")
  expect(page).toContain(
    String.raw`| a\_b | recovered     | Timeout       | recovered      | Timeout        |`,
  )
  expect(() => composeFaultPage([seen("Dify", "one"), seen("Other", "two")])).toThrow(
    'Other was not tried with "one"',
  )
})
