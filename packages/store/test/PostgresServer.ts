import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import type { TestProject } from "vitest/node"

declare module "vitest" {
  interface ProvidedContext {
    /** Where databases are made; null where Postgres cannot run here. */
    readonly postgres: string | null
    /** The file of the certificate of that server; null where it takes no TLS that is known of. */
    readonly postgresCertificate: string | null
  }
}

/** One server of Postgres for all tests of the package: that of DATABASE_URL, or an embedded one. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const given = process.env["DATABASE_URL"]
  if (given !== undefined && given !== "") {
    project.provide("postgres", given)
    project.provide("postgresCertificate", null)
    return async () => {}
  }
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL("PostgresProcess.ts", import.meta.url))],
    // Ctrl-C of the tests does not interrupt it: it ends when they close its stdin.
    { stdio: ["pipe", "pipe", "pipe"], detached: true },
  )
  const problem = text(server.stderr)
  const ended = once(server, "exit")
  const line = await new Promise<string | null>((resolve) => {
    createInterface(server.stdout).once("line", resolve)
    server.once("exit", () => resolve(null))
  })
  const found: { readonly url: string; readonly certificate: string | null } | null = JSON.parse(
    line ?? "null",
  )
  if (found === null) {
    const message = `There is no Postgres for the tests of the store: ${await problem}`
    if (process.env["CI"] === "true") throw new Error(message)
    process.stderr.write(`${message}\nThey are skipped. DATABASE_URL may name a server instead.\n`)
  }
  project.provide("postgres", found?.url ?? null)
  project.provide("postgresCertificate", found?.certificate ?? null)
  return async () => {
    server.stdin.end()
    await ended
  }
}
