// Lays out the pages of the site in pages/: the README, docs, and the READMEs of the packages. What a
// link of theirs leads to is a page of the site, or else the file in the repository; a link that leads
// to neither fails.

import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join, posix } from "node:path"

const root = join(import.meta.dirname, "..")
const out = join(import.meta.dirname, "pages")
const repository = "https://github.com/execlog/execlog"

/** Where a file of the repository stands on the site. */
const places = new Map(
  globSync(["*.md", "docs/**/*.md", "packages/*/README.md", "packages/adapters/*/README.md"], {
    cwd: root,
  })
    .map((path) => path.replaceAll("\\", "/"))
    .map((path) => [path, placeOf(path)]),
)

/** @param {string} path */
function placeOf(path) {
  if (path === "README.md") return "index.md"
  if (path.startsWith("packages/")) return `packages/${posix.basename(posix.dirname(path))}.md`
  return path.replace(/^docs\//, "").replace(/README\.md$/, "index.md")
}

const dead = []

/**
 * @param {string} page
 * @param {string} target
 */
const linkFrom = (page, target) => {
  if (/^([a-z]+:|#)/.test(target)) return target
  const [path = "", hash = ""] = target.split(/(?=#)/)
  const file = posix.normalize(posix.join(posix.dirname(page), path)).replace(/\/$/, "")
  const place = places.get(file) ?? places.get(`${file}/README.md`)
  if (place !== undefined) {
    const between = posix.relative(posix.dirname(placeOf(page)), place)
    return (between.startsWith(".") ? between : `./${between}`) + hash
  }
  if (file.startsWith("..") || !existsSync(join(root, file))) dead.push(`${page}: ${target}`)
  return `${repository}/blob/main/${file}${hash}`
}

rmSync(out, { recursive: true, force: true })
for (const [page, place] of places) {
  const text = readFileSync(join(root, page), "utf8")
  const path = join(out, place)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    withLinks(text, (target) => linkFrom(page, target)),
  )
}
if (dead.length > 0) {
  console.error(`These links lead nowhere:\n${dead.join("\n")}`)
  process.exitCode = 1
}

/**
 * Replaces the target of each link outside of code.
 * @param {string} text
 * @param {(target: string) => string} replace
 */
function withLinks(text, replace) {
  return text
    .split(/(^ *```[^]*?^ *```$|`[^`\n]*`)/m)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replaceAll(
            /(\]\()([^()\s]+)(\))/g,
            (_, begin, target, end) => begin + replace(target) + end,
          ),
    )
    .join("")
}
