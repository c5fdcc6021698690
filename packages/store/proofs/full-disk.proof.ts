import { spawnSync } from "node:child_process"
import { mkdtemp, rm, statfs } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { randomness, startSimulator } from "@execlog/simulator"
import { openStore, StoreError } from "@execlog/store"
import { expect, it } from "vitest"
import { proofSeed } from "./ProofSeed.js"

const executions = 6000
const rounds = 12
const megabyte = 1024 * 1024

/** A disk of so many bytes, in memory; null where this machine lets nobody mount one. */
const smallDisk = async (size: number) => {
  const folder = await mkdtemp(join(tmpdir(), "execlog-disk-"))
  const mount = (...options: ReadonlyArray<string>) =>
    spawnSync("mount", options.concat(folder), { encoding: "utf8" })
  const made = mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs")
  if (made.status !== 0) {
    await rm(folder, { recursive: true })
    console.log(`No disk that fills was tried: mount says ${made.stderr || made.error?.message}`)
    return null
  }
  return {
    path: join(folder, "execlog.db"),
    resize: (bytes: number) => expect(mount("-o", `remount,size=${bytes}`).status).toBe(0),
    used: async () => {
      const { blocks, bfree, bsize } = await statfs(folder)
      return (blocks - bfree) * bsize
    },
    [Symbol.asyncDispose]: async () => {
      spawnSync("umount", [folder])
      await rm(folder, { recursive: true })
    },
  }
}

it("loses nothing that was stored when the disk fills at any instant of a sync", async () => {
  const seed = proofSeed()
  const random = randomness(seed)
  await using disk = await smallDisk(megabyte)
  if (disk === null) return
  const simulator = await startSimulator({ port: null, dify: { executions } })
  const { apiKey, baseUrl, fetch } = { ...simulator.dify, fetch: simulator.fetch }
  const client = createClient(dify({ apiKey, baseUrl }), { name: "shop", fetch })
  const sync = async (): Promise<unknown> => {
    try {
      const store = await openStore(disk.path)
      try {
        return await store.sync(client, { include: ["raw"], onWarning: () => {} })
      } finally {
        await store.close()
      }
    } catch (error) {
      return error
    }
  }
  const kept = async (): Promise<ReadonlyArray<string>> => {
    const ids: Array<string> = []
    const store = await openStore(disk.path)
    for await (const { id } of store.executions({ include: ["raw"] })) ids.push(id)
    await store.close()
    return ids
  }
  let before: ReadonlyArray<string> = []
  let fills = 0
  for (let round = 0; round < rounds; round++) {
    const result = await sync()
    if (!StoreError.is(result)) break
    expect(result).toMatchObject({ reason: "Full" })
    fills += 1
    // The data can be read once there is space for the files beside it.
    disk.resize((await disk.used()) + megabyte / 2)
    const now = await kept()
    expect(new Set(now).size).toBe(now.length)
    expect(before.filter((id) => !now.includes(id))).toEqual([])
    before = now
    disk.resize((await disk.used()) + Math.floor(megabyte * (0.5 + random.next())))
  }
  disk.resize(512 * megabyte)
  expect(await sync()).toMatchObject({ isComplete: true })
  const listed: Array<string> = []
  for await (const { id } of client.executions()) listed.push(id)
  expect((await kept()).toSorted()).toEqual(listed.toSorted())
  console.log(
    `The disk was full ${fills} times, with ${before.length} executions kept at last. EXECLOG_PROOF_SEED=${seed}`,
  )
  expect(fills).toBeGreaterThan(3)
  await simulator.stop()
})
