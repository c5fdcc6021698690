import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { succeed } from "../release/commands.mjs"
import { previousCommit } from "./previous-commit.mjs"

let folder
const git = async (...args) => (await succeed("git", args, { cwd: folder })).trim()

/** A commit in which core's package.json is this. */
const commit = async (version, description) => {
  const manifest = JSON.stringify({ name: "@execlog/core", version, description }, null, 2)
  await writeFile(join(folder, "packages/core/package.json"), manifest)
  await git("add", ".")
  const author = [
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@example.com",
    "-c",
    "commit.gpgsign=false",
  ]
  await git(...author, "commit", "--quiet", "--message", `${version} ${description}`)
  return git("rev-parse", "HEAD")
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "execlog-history-"))
  await mkdir(join(folder, "packages/core"), { recursive: true })
  await git("init", "--quiet")
})

afterAll(() => rm(folder, { recursive: true, force: true }))

it("finds the latest release of core by its tag, or by the commit of its version", async () => {
  await commit("0.0.0", "begun")
  await commit("0.0.0", "described")
  expect(await previousCommit(folder, undefined)).toBeNull()
  await commit("1.0.0", "first")
  const second = await commit("1.1.0", "second")
  const latest = expect.stringContaining("released core 1.1.0")
  expect(await previousCommit(folder, undefined)).not.toMatchObject({ why: latest })
  await commit("1.1.0", "described again")
  expect(await previousCommit(folder, undefined)).toEqual({
    commit: second,
    why: latest,
  })
  for (const version of ["1.9.0", "1.10.0"])
    await git("tag", "--no-sign", `@execlog/core@${version}`)
  expect(await previousCommit(folder, undefined)).toMatchObject({ commit: "@execlog/core@1.10.0" })
  expect(await previousCommit(folder, "HEAD~1")).toMatchObject({ commit: "HEAD~1" })
})
