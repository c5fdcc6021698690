import { copyFileSync, existsSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, ended, execlog, start } from "./Execlog.js"
import { byConnection, type Scene, settingsOf, startScene } from "./Scene.js"

let scene: Scene
/** A store with the executions of one connection. */
let kept: string

beforeAll(async () => {
  scene = await startScene({ dify: 20, alloy: 10, prefect: 10, n8n: 10 })
  await scene.call(["sync", "--connection", "production"])
  kept = join(scene.surroundings.directory, "execlog.db")
})

afterAll(() => scene.simulator.stop())

/** A directory with a configuration of one connection and a store. */
const configured = (store: string | null, more: { readonly [name: string]: unknown } = {}) =>
  directoryWith({
    "execlog.json": {
      ...(store === null ? {} : { store }),
      connections: {
        production: { provider: "alloy", settings: settingsOf(scene.simulator, "alloy") },
        ...more,
      },
    },
  })

const callIn = (
  directory: string,
  args: ReadonlyArray<string>,
  environment: { readonly [name: string]: string } = {},
) =>
  execlog(args, {
    directory,
    environment: { ...scene.surroundings.environment, ...environment },
  })

describe("the address of the store", () => {
  it("defaults to ./execlog.db", async () => {
    const directory = configured(null)
    expect((await callIn(directory, ["sync"])).code).toBe(0)
    expect(existsSync(join(directory, "execlog.db"))).toBe(true)
  })

  it("prefers --store over EXECLOG_STORE, and that over the configuration", async () => {
    const directory = configured("by-${WHAT}.db")
    const variables = { WHAT: "file", EXECLOG_STORE: "by-variable.db" }
    await callIn(directory, ["sync", "--store", "by-flag.db"], variables)
    const made = () =>
      ["by-flag.db", "by-variable.db", "by-file.db", "execlog.db"].filter((name) =>
        existsSync(join(directory, name)),
      )
    expect(made()).toEqual(["by-flag.db"])
    await callIn(directory, ["sync"], variables)
    expect(made()).toEqual(["by-flag.db", "by-variable.db"])
    await callIn(directory, ["sync"], { WHAT: "file", EXECLOG_STORE: "" })
    expect(made()).toEqual(["by-flag.db", "by-variable.db", "by-file.db"])
    const unset = await callIn(directory, ["sync"])
    expect(unset.code).toBe(2)
    expect(unset.stderr).toContain("store: the environment variable WHAT is not set")
  })

  it.each(["--store", "EXECLOG_STORE", "the configuration"])(
    "rejects a misspelt database address without printing it or creating a folder: %s",
    async (place) => {
      const address = "postgres:/me:canary-word@db.example.com/logs"
      const directory = configured(place === "the configuration" ? address : null)
      const args = place === "--store" ? ["sync", "--store", address] : ["sync"]
      const named = place === "EXECLOG_STORE" ? { EXECLOG_STORE: address } : {}
      const { code, stdout, stderr } = await callIn(directory, args, named)
      expect(code).not.toBe(0)
      expect(stderr).toContain("The address of the store is neither a path")
      expect(`${stdout}${stderr}`).not.toContain("canary-word")
      expect(existsSync(join(directory, "postgres:"))).toBe(false)
    },
  )

  it("resolves a path against the configuration that holds it", async () => {
    const directory = configured("kept.db")
    const config = join(directory, "execlog.json")
    const elsewhere = directoryWith({})
    expect((await callIn(elsewhere, ["sync", "--config", config])).code).toBe(0)
    expect(existsSync(join(directory, "kept.db"))).toBe(true)
    const listed = await callIn(elsewhere, ["list", "--stored", "--config", config, "--limit", "3"])
    expect(listed.code).toBe(0)
    const command = /^ {2}execlog (list .*)$/m.exec(listed.stderr)?.[1]?.split(" ") ?? []
    expect((await callIn(elsewhere, command)).code).toBe(0)
    await callIn(elsewhere, ["sync", "--config", config, "--store", "here.db"])
    expect(existsSync(join(elsewhere, "here.db"))).toBe(true)
  })

  it.each([
    ["postgres://execlog:canary-flag@127.0.0.1/x"],
    ["postgres://127.0.0.1/x?user=execlog&password=canary-flag"],
  ])("rejects --store with a password: %s", async (address) => {
    for (const args of [["sync"], ["list", "--stored"]]) {
      const { code, stderr } = await callIn(configured(null), [...args, "--store", address])
      expect(code).toBe(2)
      expect(stderr).toContain("--store contains a password, and other users can read")
      expect(stderr).toContain("set EXECLOG_STORE to the whole address")
    }
  })

  it("accepts a password in EXECLOG_STORE, and does not print it", async () => {
    // Nothing listens on the port of a server that has stopped.
    const EXECLOG_STORE = "postgres://execlog:canary-variable@127.0.0.1:9/x"
    for (const args of [["sync"], ["list", "--stored"]]) {
      const { code, stdout, stderr } = await callIn(configured(null), args, { EXECLOG_STORE })
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" })
      expect(stderr).toContain("The store postgres://127.0.0.1:9/x cannot be reached")
    }
  })

  it.each([
    [["--store", "mysql://h/d"], "A store cannot have a mysql address."],
    [["--store", "postgres://["], "The address of the store is not a valid URL."],
    [["--store", ""], "--store is empty."],
    [["--store", "/dev/null"], "The store /dev/null is not a file but a device or a pipe."],
    [["--store", tmpdir()], `The store ${tmpdir()} is a folder.`],
  ])("rejects %j, which is neither a file nor Postgres", async (flags, message) => {
    const { code, stdout, stderr } = await callIn(configured(null), ["list", "--stored", ...flags])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
  })
})

describe("a store that cannot be used", () => {
  const used = async (name: string, args: ReadonlyArray<string>) => {
    const { code, stdout, stderr } = await callIn(directory, [...args, "--store", name])
    expect(stdout).toBe("")
    return { code, stderr }
  }
  let directory: string

  beforeAll(() => {
    directory = configured(null)
    writeFileSync(join(directory, "text.db"), "no database, but long enough to be taken for one.")
    writeFileSync(join(directory, "empty.db"), "")
    const foreign = new DatabaseSync(join(directory, "foreign.db"))
    foreign.exec("CREATE TABLE invoices (id INTEGER)")
    foreign.close()
    copyFileSync(kept, join(directory, "newer.db"))
    const newer = new DatabaseSync(join(directory, "newer.db"))
    newer.exec("INSERT INTO execlog_migrations (migration_id, name) VALUES (99, 'later')")
    newer.close()
  })

  it.each([
    ["list", "nothing.db", /There is no store \S+nothing\.db\.\n {2}execlog sync creates it\./],
    ["get", "nothing.db", /There is no store/],
    ["stats", "nothing.db", /There is no store/],
    ["export", "nothing.db", /There is no store/],
    ["list", "empty.db", /The store \S+empty\.db is empty\.\n {2}execlog sync fills it\./],
    ["list", "text.db", /The store \S+text\.db is not a database\.\n {2}Name another with --store/],
    ["sync", "text.db", /is not a database/],
    ["list", "foreign.db", /is a database of another program: it contains the table invoices\./],
    ["sync", "foreign.db", /is a database of another program/],
    [
      "list",
      "newer.db",
      /has version 99, but this execlog reads version \d+\.\n {2}It was written by a newer execlog/,
    ],
    ["sync", "newer.db", /has version 99/],
    ["sync", "no-such-folder/x.db", /cannot be opened\.\n {2}Check that its folder exists/],
  ])("exits with 1 and says why for %s of %s", async (command, name, message) => {
    const args = command === "sync" ? ["sync"] : [command, "--stored"]
    const { code, stderr } = await used(name, command === "get" ? [...args, "x"] : args)
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
  })

  it("exits with 1 when the name is longer than a file may have", async () => {
    const { code, stderr } = await used(`${"long".repeat(100)}.db`, ["list", "--stored"])
    expect(stderr).toMatch(/There is no store \S+longlong\.db\./)
    expect(code).toBe(1)
  })

  it("does not create a store when a command only reads", () => {
    expect(existsSync(join(directory, "nothing.db"))).toBe(false)
  })
})

describe("a store that another program holds", () => {
  it("reads the store, and ends a waiting sync on Ctrl-C", async () => {
    const directory = configured(null)
    await callIn(directory, ["sync"])
    const holder = new DatabaseSync(join(directory, "execlog.db"))
    const asked = new Promise<void>((resolve) => {
      scene.simulator.intercept(() => {
        if (!holder.isTransaction) holder.exec("BEGIN IMMEDIATE")
        resolve()
        return undefined
      })
    })
    const child = start(["sync", "--full"], {
      directory,
      environment: scene.surroundings.environment,
    })
    const outcome = ended(child)
    await asked
    const listed = await callIn(directory, ["list", "--stored", "--limit", "all"])
    expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 0, stderr: "" })
    child.kill("SIGINT")
    expect((await outcome).code).toBe(130)
    scene.simulator.intercept(() => undefined)
    holder.close()
    const { code, stdout } = await callIn(directory, ["sync"])
    expect(code).toBe(0)
    expect(byConnection(stdout)["production"]).toMatchObject({ added: 0, isComplete: true })
  })
})

describe("a connection that changes", () => {
  it("keeps the executions of a connection that left the configuration", async () => {
    const directory = configured(null, {
      warehouse: { provider: "prefect", settings: settingsOf(scene.simulator, "prefect") },
    })
    await callIn(directory, ["sync"])
    const smaller = join(configured(null), "execlog.json")
    const store = ["--store", join(directory, "execlog.db")]
    const { code, stdout } = await callIn(directory, ["sync", "--config", smaller, ...store])
    expect(code).toBe(0)
    expect(Object.keys(byConnection(stdout))).toEqual(["production"])
    const flags = ["--stored", "--connection", "warehouse", "--limit", "all"]
    const listed = await callIn(directory, ["list", "--config", smaller, ...store, ...flags])
    expect(listed.stdout.trimEnd().split("\n")).toHaveLength(10)
  })

  it("warns when a connection was renamed, or reads the same account as another", async () => {
    const directory = configured(null)
    await callIn(directory, ["sync"])
    const renamed = directoryWith({
      "execlog.json": {
        connections: {
          live: { provider: "alloy", settings: settingsOf(scene.simulator, "alloy") },
        },
      },
    })
    const args = ["sync", "--config", join(renamed, "execlog.json")]
    const first = await callIn(directory, args)
    expect(first.code).toBe(0)
    expect(first.stderr).toContain(
      'live (alloy): 10 of its newest executions are also stored under the name "production"',
    )
    expect(first.stderr).toContain('If that is the former name of "live", use it again')
    const second = await callIn(directory, args)
    expect(second.stderr).toBe("")
  })

  it("rejects a connection whose name belongs to another provider", async () => {
    const directory = configured(null)
    await callIn(directory, ["sync"])
    const other = directoryWith({
      "execlog.json": {
        connections: {
          production: { provider: "prefect", settings: settingsOf(scene.simulator, "prefect") },
        },
      },
    })
    const args = ["sync", "--config", join(other, "execlog.json"), "--format", "table"]
    const { code, stdout, stderr } = await callIn(directory, args)
    expect(code).toBe(2)
    expect(stderr).toContain('The store has a connection "production" of alloy')
    expect(stdout).toMatch(/^production \(prefect\) {2}failed {2}nothing was read$/m)
  })
})
