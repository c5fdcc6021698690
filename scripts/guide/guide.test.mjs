import { readdirSync, readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { comparable, pages, readPage } from "./page.mjs"

const commandLine = new URL("../../packages/cli/", import.meta.url)

/** The commands, but for `help`. */
const commands = readdirSync(new URL("src/commands/", commandLine)).filter(
  (name) => name !== "help",
)

it("finds a page of the guide for each command, and links it in the index", () => {
  expect(pages).toEqual([...commands, "index", "library"].map((name) => `${name}.md`).toSorted())
  const index = readPage("index.md")
  expect(pages.filter((name) => name !== "index.md" && !index.includes(`](${name})`))).toEqual([])
})

it("finds each command in the table of the command line's README", () => {
  const readme = readFileSync(new URL("README.md", commandLine), "utf8")
  const listed = [...readme.matchAll(/^\| `execlog (\w+)/gm)].map(([, name = ""]) => name)
  expect(listed.toSorted()).toEqual(commands.toSorted())
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
