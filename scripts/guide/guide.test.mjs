import { expect, it } from "vitest"
import { comparable, pages, readPage } from "./page.mjs"

it("finds a page of the guide for each command", () => {
  const commands = "explain export follow get list providers record stats sync".split(" ")
  expect(pages).toEqual([...commands, "index", "library"].map((name) => `${name}.md`).toSorted())
})

it("finds no key on a page of the guide", () => {
  expect(pages.filter((name) => readPage(name).includes("canary"))).toEqual([])
})

it("ignores durations and versions when it compares outputs", () => {
  for (const end of ["", "; missing: reasons"]) {
    const line = `shop  up to date  194 new, in 1.1s${end}\n`
    expect(comparable(line.replace("1.1s", "415ms"))).toBe(comparable(line))
    expect(comparable(line.replace("194", "195"))).not.toBe(comparable(line))
  }
})
