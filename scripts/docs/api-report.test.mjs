// The public API is recorded in api, so that changes show in review. Build first.

import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { composeApiReports, reportFolder } from "./api-report.mjs"

const reports = await composeApiReports()

it("finds a report in api for each entry point, and no other (pnpm api)", () => {
  expect(readdirSync(reportFolder).toSorted()).toEqual(Object.keys(reports))
  expect(Object.keys(reports)).toEqual(
    expect.arrayContaining(["contract-tests.recording.api.md", "core.api.md", "dify.api.md"]),
  )
})

it.each(Object.entries(reports))("matches api/%s (pnpm api)", (name, report) => {
  expect(report).toBe(readFileSync(join(reportFolder, name), "utf8"))
})

it("reports signatures, and the unexported types that they name", () => {
  expect(reports["dify.api.md"]).toMatch(/^export default dify;$/m)
  expect(reports["core.api.md"]).toMatch(/^export const createClient: /m)
  expect(reports["core.api.md"]).toMatch(/^interface AdapterErrorFields /m)
})
