import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { readTree } from "./installed-tree.mjs"

let folder

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "execlog-tree-"))
  const put = async (path, name) => {
    await mkdir(join(folder, path), { recursive: true })
    await writeFile(join(folder, path, "package.json"), JSON.stringify({ name, version: "1.0.0" }))
  }
  await put("node_modules/flat", "flat")
  await put("node_modules/@scope/one", "@scope/one")
  await put("node_modules/@scope/one/dist", "not a package")
  await put("node_modules/flat/node_modules/nested", "nested")
  await put("node_modules/.pnpm/linked@1.0.0/node_modules/linked", "linked")
  await symlink("../.pnpm/linked@1.0.0/node_modules/linked", join(folder, "node_modules/linked"))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it("finds every package of an install once: flat, nested, or linked by pnpm", async () => {
  const names = async (path) => (await readTree(path)).packages.map(({ name }) => name).toSorted()
  const all = ["@scope/one", "flat", "linked", "nested"]
  expect(await names(join(folder, "node_modules"))).toEqual(all)
  expect(await names(folder)).toEqual(all)
})

it("counts the bytes of every file", async () => {
  const { bytes } = await readTree(folder)
  await writeFile(join(folder, "node_modules/flat/index.js"), "12345")
  expect((await readTree(folder)).bytes).toBe(bytes + 5)
})
