import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Files that a reader of a document writes, or the scaffold writes for them. */
const writtenByReaders = ["failed.mjs", "src/acme.ts", "src/todo.ts", "test/Todo.test.ts"]

const documents = globSync(
  ["*.md", ".github/*.md", "docs/**/*.md", "packages/*/README.md", "packages/adapters/*/README.md"],
  { cwd: root },
)

const files = globSync(["*", ".*", "scripts/**/*", "packages/**/*", "site/**/*"], {
  cwd: root,
  exclude: (path) => /(?:^|\/)(?:node_modules|dist|\.git|\.turbo)(?:\/|$)/.test(path),
}).filter((file) => /\.(?:ts|mjs)$/.test(file))

/** The files that a text names outside its blocks of code; `{a,b}.ts` names two. */
const namedIn = (text) =>
  [...text.replaceAll(/^( *)```[^]*?^\1```$/gm, "").matchAll(/[\w./<>{},-]*\.(?:ts|mjs)\b/g)]
    .map(([name]) => name.replace(/^(?:\.\.?\/)+/, ""))
    .flatMap((name) => {
      const [, before = "", words = "", after = ""] = /^([^{]*)\{(.*)\}(.*)$/.exec(name) ?? []
      return words === "" ? [name] : words.split(",").map((word) => before + word + after)
    })

/** Whether a file ends in this path or, of a name without a stem, in this ending. `<name>` is any. */
const exists = (name) => {
  const pattern = name.replaceAll(".", "\\.").replaceAll(/<\w+>/g, "[^/]+")
  const ending = new RegExp(`${name.startsWith(".") ? "" : "(?:^|/)"}${pattern}$`)
  return files.some((file) => ending.test(file))
}

it.each(documents)("%s names only files that exist", (document) => {
  const names = new Set(namedIn(readFileSync(join(root, document), "utf8")))
  const missing = [...names].filter((name) => !exists(name) && !writtenByReaders.includes(name))
  expect(missing).toEqual([])
})
