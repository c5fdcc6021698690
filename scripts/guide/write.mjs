// pnpm guide [page …]: runs the commands of docs/guide and writes what they print below them.
import { writeFileSync } from "node:fs"
import { comparable, composePage, pages, pathOf, readPage } from "./page.mjs"

const named = process.argv.slice(2).map((name) => (name.endsWith(".md") ? name : `${name}.md`))

for (const name of named.length > 0 ? named : pages) {
  const text = readPage(name)
  const composed = await composePage(text, { isFirst: name === "index.md" })
  const isSame = comparable(composed) === comparable(text)
  if (!isSame) writeFileSync(pathOf(name), composed)
  console.log(`${isSame ? "the same" : "written "}  ${name}`)
}
