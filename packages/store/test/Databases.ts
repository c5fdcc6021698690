import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { PgClient } from "@effect/sql-pg"
import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import { afterAll, inject } from "vitest"

/** An empty database of one test. It is removed when it is disposed of. */
export interface TestDatabase extends AsyncDisposable {
  /** The options to open a store with. */
  readonly address: string
  /** Asks the database itself, beside the store. */
  readonly ask: (statement: string) => Promise<ReadonlyArray<Record<string, unknown>>>
}

/** A kind of database that the store works on. */
export interface DatabaseKind {
  readonly name: "SQLite" | "Postgres"
  readonly make: () => Promise<TestDatabase>
}

/** Runs a statement on a database of Postgres, where the tables of a store come before others. */
export const askPostgres = (url: string, statement: string) =>
  Effect.gen(function* () {
    const sql = yield* PgClient.makeClient({
      url: Redacted.make(url),
      startupParameters: { search_path: "execlog,public" },
    })
    return yield* sql.unsafe<Record<string, unknown>>(statement)
  }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)

const sqlite: DatabaseKind = {
  name: "SQLite",
  make: async () => {
    const folder = await mkdtemp(join(tmpdir(), "execlog-store-"))
    const address = join(folder, "execlog.db")
    return {
      address,
      ask: async (statement) => {
        const database = new DatabaseSync(address)
        try {
          return database.prepare(statement).all()
        } finally {
          database.close()
        }
      },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    }
  },
}

/** The server on which databases are made; null where there is none. */
export const postgresServer = inject("postgres")

const postgres = (server: string): DatabaseKind => {
  // To make one takes longer than most tests: one that was used is emptied.
  const free: Array<string> = []
  afterAll(async () => {
    for (const name of free) await askPostgres(server, `DROP DATABASE ${name} WITH (FORCE)`)
  })
  return {
    name: "Postgres",
    make: async () => {
      const name = free.pop() ?? `execlog_${randomBytes(6).toString("hex")}`
      const found = await askPostgres(server, `SELECT 1 FROM pg_database WHERE datname = '${name}'`)
      if (found.length === 0) await askPostgres(server, `CREATE DATABASE ${name}`)
      const url = new URL(server)
      url.pathname = `/${name}`
      return {
        address: url.href,
        ask: (statement) => askPostgres(url.href, statement),
        [Symbol.asyncDispose]: async () => {
          await askPostgres(url.href, "DROP SCHEMA IF EXISTS execlog CASCADE")
          free.push(name)
        },
      }
    },
  }
}

/** The databases that every promise of the store is held to on. */
export const databases: ReadonlyArray<DatabaseKind> = [
  sqlite,
  ...(postgresServer === null ? [] : [postgres(postgresServer)]),
]
