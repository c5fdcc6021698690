import { existsSync, globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { defineConfig } from "vitepress"

const pages = join(import.meta.dirname, "../pages")

/** An entry of the sidebar: a page by its heading. */
const entry = (path) => ({
  text: /^# (.*)$/m.exec(readFileSync(join(pages, path), "utf8"))?.[1].replaceAll("`", "") ?? path,
  link: `/${path.replace(/(index)?\.md$/, "")}`,
})
const entriesOf = (pattern) =>
  globSync(pattern, { cwd: pages })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted()
    .map(entry)
const group = (text, items, more = {}) => (items.length === 0 ? [] : [{ text, items, ...more }])
const chosen = (...names) =>
  names
    .map((name) => `${name}.md`)
    .filter(isPage)
    .map(entry)
const isPage = (path) => existsSync(join(pages, path))

const using = ["providers", "paging", "supply-chain", "licences"]
const extending = ["adding-a-provider", "fixtures", "faults", "mutation"]
const working = [
  "architecture",
  "vocabulary",
  "benchmarks",
  "releasing",
  "CONTRIBUTING",
  "SECURITY",
]

export default defineConfig({
  title: "execlog",
  description: "One provider-neutral log of workflow executions, for TypeScript",
  srcDir: "pages",
  outDir: "dist",
  cleanUrls: true,
  // An address on one's own machine is no page of the site.
  ignoreDeadLinks: "localhostLinks",
  themeConfig: {
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: "https://github.com/execlog/execlog" }],
    outline: [2, 3],
    sidebar: [
      ...group("execlog", [entry("index.md"), ...chosen(...using)]),
      ...group("Guide", entriesOf("guide/*.md")),
      ...group("Packages", entriesOf("packages/*.md")),
      ...group(
        "Reference",
        entriesOf(["reference/@execlog/*.md", "reference/@execlog/*/index.md"]),
      ),
      ...group("Add a provider", chosen(...extending)),
      ...group("Work on it", chosen(...working)),
      ...group("Decisions", entriesOf("decisions/*.md"), { collapsed: true }),
    ],
  },
})
