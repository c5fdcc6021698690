// The import diagram of docs/architecture.md: the folders of each package, top-down.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { cruise } from "dependency-cruiser"
import { layers } from "../lib/layers.mjs"

const root = join(import.meta.dirname, "../..")
export const architecturePagePath = join(root, "docs", "architecture.md")

const begin = "<!-- folders: pnpm architecture writes this -->"
const end = "<!-- end of folders -->"

/** The page, with its picture of the folders as they are now. */
export const composeArchitecturePage = async () => {
  const page = readFileSync(architecturePagePath, "utf8")
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${architecturePagePath} holds no ${begin} … ${end}`)
  const pictures = []
  for (const [name, folders] of Object.entries(layers))
    pictures.push(await pictureOf(name, folders))
  return `${before}${begin}\n\n\`\`\`text\n${pictures.join("\n\n")}\n\`\`\`\n\n${end}${after}`
}

/** A line for each folder: those below it that it imports. */
const pictureOf = async (name, folders) => {
  const imported = await importsOf(name, folders)
  const width = Math.max(...folders.map((folder) => folder.length)) + 1
  const lines = folders.map((folder) => {
    const below = folders.filter((other) => imported.get(folder)?.has(other) === true)
    return `  ${`${folder}/`.padEnd(width)}  ${below.length === 0 ? "" : `→ ${below.join(", ")}`}`.trimEnd()
  })
  return [name, ...lines].join("\n")
}

const importsOf = async (name, folders) => {
  const source = `packages/${name}/src`
  const folderOf = (path) =>
    folders.find((folder) => path.startsWith(`${source}/${folder}/`)) ?? null
  const { output } = await cruise([source], {
    baseDir: root,
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  })
  if (typeof output === "string") throw new Error(output)
  const imported = new Map(folders.map((folder) => [folder, new Set()]))
  for (const module of output.modules) {
    const from = folderOf(module.source)
    for (const { resolved } of module.dependencies) {
      const to = folderOf(resolved)
      if (from !== null && to !== null && from !== to) imported.get(from).add(to)
    }
  }
  return imported
}
