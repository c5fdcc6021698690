import { execFileSync } from "node:child_process"
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, describe, expect, it } from "vitest"
import { openStore, type StoreErrorReason, type StoreHintCode } from "../src/index.js"
import { canRun, inOtherProcess } from "./OtherProcess.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

const root = await mkdtemp(join(tmpdir(), "execlog-files-"))
afterAll(() => rm(root, { recursive: true, force: true }))
// Another user is to find its way there.
await chmod(root, 0o755)

let folders = 0
const folder = async () => {
  const path = join(root, `${++folders}`)
  await mkdir(path)
  return path
}

const many = Array.from({ length: 400 }, (_, index) =>
  execution(`${index}`, { outputs: "word ".repeat(50), connection: "shop" }),
)

/** A file that holds a store of a few hundred executions. */
const filled = async () => {
  const address = join(await folder(), "execlog.db")
  const store = await openStore(address)
  await store.sync(scripted({ pages: () => [page(many)] }))
  await store.close()
  return address
}

const both = ["read", "write"] as const
const failed = (reason: StoreErrorReason, message: string, code: StoreHintCode) => ({
  _tag: "StoreError",
  reason,
  message,
  hint: { code, text: expect.stringMatching(/\.$/) },
})

describe("a store file that cannot be used", () => {
  it("fails with NotFound, and creates nothing, when a missing file is opened to read", async () => {
    const address = join(await folder(), "execlog.db")
    await expect(openStore(address, { access: "read" })).rejects.toMatchObject(
      failed("NotFound", `There is no store ${address}.`, "create_store"),
    )
    await expect(stat(address)).rejects.toMatchObject({ code: "ENOENT" })
  })

  it("fails when the folder is missing, or the path is a folder", async () => {
    const path = await folder()
    const inNone = join(path, "none", "execlog.db")
    await expect(openStore(inNone)).rejects.toMatchObject(
      failed("NotFound", `The store ${inNone} cannot be opened.`, "check_folder"),
    )
    for (const access of both) {
      await expect(openStore(path, { access })).rejects.toMatchObject(
        failed("NotAStore", `The store ${path} is a folder.`, "name_file_in_folder"),
      )
    }
  })

  it("fails at once when the path is a pipe or a device", async () => {
    const pipe = join(await folder(), "pipe.db")
    execFileSync("sh", ["-c", 'mkfifo "$0"', pipe])
    for (const path of [pipe, "/dev/null", "/dev/zero"]) {
      for (const access of both) {
        await expect(openStore(path, { access })).rejects.toMatchObject(
          failed(
            "NotAStore",
            `The store ${path} is not a file but a device or a pipe.`,
            "name_file",
          ),
        )
      }
    }
  })

  it("fails with InvalidAddress when the address is empty or of another database", async () => {
    const hint = "correct_address"
    await expect(openStore(" ")).rejects.toMatchObject(
      failed("InvalidAddress", "The address of the store is empty.", hint),
    )
    await expect(openStore("mysql://me:canary-word@example.com/x")).rejects.toMatchObject(
      failed("InvalidAddress", "A store cannot have a mysql address.", hint),
    )
  })

  it("fails with NotAStore, and changes nothing, when the file is not a database", async () => {
    const address = join(await folder(), "notes.txt")
    await writeFile(address, "What I did on my holidays. ".repeat(500))
    const before = await readFile(address)
    for (const access of both) {
      await expect(openStore(address, { access })).rejects.toMatchObject(
        failed("NotAStore", `The store ${address} is not a database.`, "use_other_store"),
      )
    }
    expect(await readFile(address)).toEqual(before)
  })

  it("fails with NotAStore, and changes nothing, when the database is of another program", async () => {
    const path = await folder()
    const address = join(path, "invoices.db")
    const other = new DatabaseSync(address)
    other.exec("CREATE TABLE invoices (number integer)")
    other.close()
    const before = await readFile(address)
    for (const access of both) {
      await expect(openStore(address, { access })).rejects.toMatchObject(
        failed(
          "NotAStore",
          `The store ${address} is a database of another program: it contains the table invoices.`,
          "use_other_store",
        ),
      )
    }
    expect(await readFile(address)).toEqual(before)
    expect(await readdir(path)).toEqual(["invoices.db"])
  })

  it("creates the tables in an empty file, but cannot open it to read", async () => {
    const address = join(await folder(), "execlog.db")
    await writeFile(address, "")
    await expect(openStore(address, { access: "read" })).rejects.toMatchObject(
      failed("NotFound", `The store ${address} is empty.`, "fill_store"),
    )
    await (await openStore(address)).close()
    await (await openStore(address, { access: "read" })).close()
  })

  it.each([
    ["a twentieth", (size: number) => size / 20],
    ["two fifths", (size: number) => size * 0.4],
    ["nine tenths", (size: number) => size * 0.9],
    ["all but some bytes", (size: number) => size - 100],
  ])("fails with Damaged when only %s of the file is left", async (_, left) => {
    const address = await filled()
    const { size } = await stat(address)
    await truncate(address, Math.floor(left(size)))
    await expect(storeOf({ address })).rejects.toMatchObject({ reason: "Damaged" })
    const use = async () => {
      await using store = await storeOf({ address }, { access: "read" })
      return kept(store, { include: ["outputs"] })
    }
    await expect(use()).rejects.toMatchObject({
      reason: "Damaged",
      message: expect.stringMatching(/^The store \S+ is damaged: /),
      hint: { code: "restore_or_move_away" },
    })
  })

  it.each([
    ["text that is not JSON", "{bad"],
    ["the JSON null", "null"],
    ["the JSON of another object", '{"id":"0"}'],
    ["stored with a malformed time", null],
  ])(
    "fails with Damaged when an execution is %s, until a full sync repairs it",
    async (_, text) => {
      const address = await filled()
      const database = new DatabaseSync(address)
      const first = database.prepare("SELECT key, execution FROM documents LIMIT 1").get()
      const altered = text ?? String(first?.["execution"]).replace('"2026-11-21T', '"9x26-11-21T')
      database
        .prepare("UPDATE documents SET execution = ? WHERE key = ?")
        .run(altered, first?.["key"] ?? null)
      database.prepare("UPDATE sync_positions SET query = 'z'").run()
      database.close()
      await using store = await storeOf({ address })
      await expect(kept(store)).rejects.toMatchObject(
        failed(
          "Damaged",
          `The store ${address} is damaged: an execution of "shop" cannot be read.`,
          "restore_or_sync",
        ),
      )
      await store.sync(scripted({ pages: () => [page(many, { at: 1 })] }), { full: true })
      expect(await kept(store, { include: ["outputs"] })).toHaveLength(many.length)
    },
  )

  it("fails with Damaged when bytes of the file were overwritten", async () => {
    const address = await filled()
    const bytes = await readFile(address)
    bytes.fill(0xa5, 4096, 4096 * 40)
    await writeFile(address, bytes)
    const use = async () => {
      await using store = await storeOf({ address })
      await store.sync(scripted({ pages: () => [page(many, { at: 1 })] }), { full: true })
    }
    await expect(use()).rejects.toMatchObject({ reason: "Damaged" })
  })

  it("waits while another program holds the file, and fails with Locked after busyTimeoutMs", async () => {
    const address = await filled()
    await using store = await storeOf({ address }, { busyTimeoutMs: 20 })
    await using patient = await storeOf({ address })
    const other = new DatabaseSync(address)
    other.exec("BEGIN EXCLUSIVE")
    const client = scripted({ pages: () => [page([execution("new")], { at: 1 })] })
    await expect(store.sync(client)).rejects.toMatchObject(
      failed("Locked", `The store ${address} is held by another program.`, "retry"),
    )
    // Reading goes on meanwhile.
    expect(await kept(store)).toHaveLength(many.length)
    const waiting = patient.sync(client)
    await new Promise((resolve) => setImmediate(resolve))
    other.exec("ROLLBACK")
    other.close()
    expect(await waiting).toMatchObject({ added: 1 })
    expect(await store.sync(client)).toMatchObject({ added: 0, isComplete: true })
  })

  it("fails with ReadOnly when the user may not write the file, but can read it", async () => {
    const address = await filled()
    const path = join(address, "..")
    await chmod(address, 0o444)
    await chmod(path, 0o555)
    const isUnprivileged = true
    const writing = await inOtherProcess({ address, access: "write", sync: 5, isUnprivileged })
    expect(writing.errors).toEqual([
      {
        reason: "ReadOnly",
        message: `The store ${address} cannot be written.`,
        hint: "make_writable",
      },
    ])
    const reading = await inOtherProcess({ address, access: "read", isUnprivileged })
    expect(reading).toEqual({ errors: [], kept: many.length })
    const unmade = join(path, "other.db")
    const making = await inOtherProcess({ address: unmade, access: "write", isUnprivileged })
    expect(making.errors).toMatchObject([
      { reason: "NotFound", message: `The store ${unmade} cannot be opened.` },
    ])
    await chmod(path, 0o755)
    await chmod(address, 0o000)
    const unseen = await inOtherProcess({ address, access: "read", isUnprivileged })
    expect(unseen.errors).toMatchObject([{ message: `The store ${address} cannot be opened.` }])
    expect(await readdir(path)).toEqual(["execlog.db"])
  })

  it("writes nothing to a file that is opened to read", async () => {
    const address = await filled()
    const before = await readFile(address)
    await using store = await storeOf({ address }, { access: "read" })
    expect(await kept(store)).toHaveLength(many.length)
    await expect(store.sync(scripted({}))).rejects.toMatchObject({ reason: "ReadOnly" })
    expect(await readFile(address)).toEqual(before)
  })
})

// A disk of its own, seen by one process, goes with it.
const ownDisk = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-Urm"]
const hasOwnDisk = await canRun(
  "unshare",
  ...ownDisk.slice(1),
  "mount",
  "-t",
  "tmpfs",
  "none",
  root,
)

describe.skipIf(!hasOwnDisk)("a disk that is full", () => {
  it("fails a sync with Full when the disk is full, and the next one resumes", async () => {
    const path = await folder()
    const address = join(path, "execlog.db")
    const mount = `mount -t tmpfs -o size=400k none ${path} && exec "$@"`
    const report = await inOtherProcess(
      { address, access: "write", sync: 500, mend: `mount -o remount,size=40m ${path}` },
      [...ownDisk, "sh", "-c", mount, "sh"],
    )
    expect(report).toEqual({
      errors: [
        {
          reason: "Full",
          message: `The store ${address} cannot grow: the disk is full.`,
          hint: "free_space",
        },
      ],
      kept: 500,
    })
  })
})

describe("the file of a store", () => {
  it("creates the file and those beside it readable by the owner alone, even through a link", async () => {
    const path = await folder()
    const link = join(await folder(), "link.db")
    await symlink(join(path, "execlog.db"), link)
    const store = await openStore(link)
    await store.sync(scripted({ pages: () => [page(many)] }))
    const names = await readdir(path)
    expect(names.toSorted()).toEqual(["execlog.db", "execlog.db-shm", "execlog.db-wal"])
    for (const name of names) expect((await stat(join(path, name))).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it("keeps the mode of an existing file", async () => {
    const address = await filled()
    await chmod(address, 0o640)
    const store = await openStore(address)
    await store.close()
    expect((await stat(address)).mode & 0o777).toBe(0o640)
  })
})
