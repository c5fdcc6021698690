/**
 * A process that syncs, to be killed. It writes where it is, a line for each step, without a buffer:
 * what was written is read even where the next instant kills it.
 */
import { writeSync } from "node:fs"
import { Socket } from "node:net"
import { DatabaseSync } from "node:sqlite"
import { type Client, createClient } from "@execlog/core"
import { openStore } from "@execlog/store"

/** The task of the process. */
export interface Task {
  readonly store: string
  readonly adapter: string
  readonly settings: { readonly [name: string]: unknown }
  readonly name: string
  /** Whether each sync reads the history again; by turns, where it is to do so forever. */
  readonly full: boolean
  /** Syncs again and again, until it is killed. */
  readonly forever: boolean
  /** Kills itself between the commit of this page and whatever follows, counted from 1. */
  readonly killAfterPage?: number
}

const emit = (line: string): void => {
  writeSync(1, `${line}\n`)
}

/** Tells of transactions, which a store does not. */
const watchSqlite = (): void => {
  const prepare: DatabaseSync["prepare"] = Reflect.get(DatabaseSync.prototype, "prepare")
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql, ...more) {
    const statement = Reflect.apply(prepare, this, [sql, ...more])
    if (!/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) return statement
    const all: typeof statement.all = Reflect.get(statement, "all")
    Object.defineProperty(statement, "all", {
      value: () => {
        const rows = Reflect.apply(all, statement, [])
        emit(sql.startsWith("BEGIN") ? "begun" : "ended")
        return rows
      },
    })
    return statement
  }
}

/** The same of Postgres, by what goes over the socket: statements have a text once, then a name. */
const watchPostgres = (): void => {
  const write: Socket["write"] = Reflect.get(Socket.prototype, "write")
  const names = new Map<string, string>()
  const watch = (message: Buffer): void => {
    const [first = "", second = ""] = message.toString("latin1", 5).split("\0")
    const kind = String.fromCodePoint(message[0] ?? 0)
    if (kind === "P") names.set(first, second)
    if (kind !== "B") return
    const statement = names.get(second) ?? ""
    if (statement.startsWith("BEGIN")) emit("begun")
    if (/^(COMMIT|ROLLBACK)/.test(statement)) emit("ended")
  }
  const watched = function (this: Socket, ...sent: ReadonlyArray<unknown>) {
    const [chunk] = sent
    const went: boolean = Reflect.apply(write, this, sent)
    const bytes = chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0)
    for (let at = 0; at + 5 <= bytes.length && bytes[at] !== 0;) {
      const end = at + 1 + bytes.readUInt32BE(at + 1)
      watch(bytes.subarray(at, end))
      at = end
    }
    return went
  }
  // A socket that ends puts another in its place.
  Object.defineProperty(Socket.prototype, "write", { value: watched, writable: true })
}

const task: Task = JSON.parse(process.argv[2] ?? "")
if (task.store.startsWith("postgres")) watchPostgres()
else watchSqlite()
const { default: adapter } = await import(task.adapter)
const client: Client = createClient(adapter(task.settings), { name: task.name })
emit("ready")
const store = await openStore(task.store)
const stop = new AbortController()
process.once("SIGTERM", () => stop.abort())

let full = task.full
for (;;) {
  emit(`sync ${Date.now()}`)
  const summary = await store.sync(client, {
    full,
    signal: stop.signal,
    onWarning: () => {},
    onProgress: ({ pages, pass }) => {
      if (pages === task.killAfterPage) process.kill(process.pid, "SIGKILL")
      emit(`page ${pass}`)
    },
  })
  emit(`synced ${Date.now()} ${!summary.isStopped}`)
  if (!task.forever || stop.signal.aborted) break
  full = !full
}
await store.close()
