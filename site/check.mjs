// Follows every link inside of the built site, to its heading, and finds what a page would fetch from
// another host.

import { existsSync, globSync, readFileSync } from "node:fs"
import { join, posix } from "node:path"

const dist = join(import.meta.dirname, "dist")
const pages = new Map(
  globSync("**/*.html", { cwd: dist }).map((path) => [
    `/${path.replaceAll("\\", "/")}`,
    readFileSync(join(dist, path), "utf8"),
  ]),
)
const idsOf = (html) => new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
const ids = new Map([...pages].map(([path, html]) => [path, idsOf(html)]))

/** @param {string} path */
const fileOf = (path) =>
  [path, `${path}.html`, posix.join(path, "index.html")].find(
    (file) => pages.has(file) || (/\.\w+$/.test(file) && existsSync(join(dist, file))),
  )

const faults = []
let links = 0
for (const [page, html] of pages) {
  for (const [element, name, target] of html.matchAll(/<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"/g)) {
    if (/^(https?:)?\/\//.test(target)) {
      if (name !== "a") faults.push(`${page} fetches ${element}`)
      continue
    }
    if (/^[a-z]+:/.test(target)) continue
    const url = new URL(target.replaceAll("&amp;", "&"), `http://site${page}`)
    const file = fileOf(decodeURIComponent(url.pathname))
    const hash = decodeURIComponent(url.hash.slice(1))
    links += 1
    if (file === undefined) faults.push(`${page}: there is no ${target}`)
    else if (hash !== "" && ids.get(file)?.has(hash) === false) {
      faults.push(`${page}: ${target} leads to no heading`)
    }
  }
}
if (faults.length > 0) {
  console.error([...new Set(faults)].join("\n"))
  process.exit(1)
}
console.log(`${pages.size} pages, ${links} links followed`)
