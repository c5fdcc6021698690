// The installed packages and their licences.

import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import {
  composeLicencePage,
  licenceFaults,
  licencePagePath,
  readLicences,
} from "./licence-page.mjs"

const licences = await readLicences()

it("allows the licence of every installed package", () => {
  expect(licences.length).toBeGreaterThan(100)
  expect(licences.filter(({ ships }) => ships).map(({ name }) => name)).toContain("commander")
  expect(licenceFaults(licences)).toEqual([])
})

it("matches docs/licences.md (pnpm licence-page)", () => {
  expect(composeLicencePage(licences)).toBe(readFileSync(licencePagePath, "utf8"))
})

it.each([
  { license: "MIT", ships: true, isAllowed: true },
  { license: "(MIT OR GPL-3.0)", ships: true, isAllowed: true },
  { license: "MIT AND CC0-1.0", ships: true, isAllowed: false },
  { license: "GPL-3.0", ships: true, isAllowed: false },
  { license: "GPL-3.0", ships: false, isAllowed: false },
  { license: "Unknown", ships: false, isAllowed: false },
  { license: "MPL-2.0", ships: false, isAllowed: false },
  { license: "MPL-2.0", name: "lightningcss", ships: false, isAllowed: true },
  { license: "MPL-2.0", name: "lightningcss", ships: true, isAllowed: false },
])("allows or rejects $license: %j", ({ name = "some-package", license, ships, isAllowed }) => {
  const faults = licenceFaults([{ name, license, ships, everywhere: true }])
  expect(faults).toHaveLength(isAllowed ? 0 : 1)
  if (!isAllowed) expect(faults[0]).toContain(`${name} has the licence ${license}`)
})
