// npm create execlog-adapter, by which somebody else begins.

import { join } from "node:path"
import { succeed } from "./commands.mjs"
import { install } from "./consumer.mjs"

const flags = "--base-url https://api.acme.example/v2 --auth header:x-acme-key --paging pageNumber"

/** @param {Pick<Parameters<typeof import("./library.mjs").checkLibrary>[0], "check" | "consumer">} given */
export const checkNewAdapter = async ({ check, consumer }) => {
  const at = await consumer("new-adapter", "npm")
  const created = await check("npm create execlog-adapter acme starts a package", async () => {
    const args = ["create", "--yes", "execlog-adapter", "acme", "--", ...flags.split(" ")]
    await succeed("npm", args, { cwd: at.folder, env: at.env })
    return { ...at, folder: join(at.folder, "execlog-adapter-acme") }
  })
  if (created === undefined) return
  await check("  it installs, and its types are right", async () => {
    await install(created, [])
    await succeed("npm", ["run", "typecheck"], { cwd: created.folder, env: at.env })
  })
}
