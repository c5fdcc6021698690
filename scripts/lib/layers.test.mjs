import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { apart, entrances, layers, pure } from "./layers.mjs"

const root = fileURLToPath(new URL("../../", import.meta.url))

it("names only folders that exist", () => {
  const folders = [
    ...Object.entries(layers).flatMap(([name, inside]) =>
      inside.map((folder) => `packages/${name}/src/${folder}`),
    ),
    ...apart.map(({ within }) => within),
    ...pure,
    ...Object.keys(entrances),
  ]
  expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([])
})

/** All imports of one file of a package by another. */
const imports = globSync("packages/*/src/**/*.ts", { cwd: root }).flatMap((from) =>
  [...readFileSync(join(root, from), "utf8").matchAll(/from "(\.[^"]+)\.js"/g)].map(
    ([, target = ""]) => ({ from, to: `${join(dirname(from), target)}.ts` }),
  ),
)

it("names only entrances that are files imported from outside their folder", () => {
  const unused = Object.entries(entrances).flatMap(([folder, names]) =>
    names
      .map((name) => `${folder}/${name}.ts`)
      .filter(
        (file) => !imports.some(({ from, to }) => to === file && !from.startsWith(`${folder}/`)),
      ),
  )
  expect(unused).toEqual([])
})
