import { join } from "node:path"
import type { Client, Warning } from "@execlog/core"
import { openStore, type Store } from "@execlog/store"
import type { Case } from "./Case.ts"

const followedMs = 100

const withStore = async (
  { folder }: Case,
  use: (store: Store) => Promise<unknown>,
): Promise<void> => {
  const store = await openStore(join(folder, "library.db"))
  try {
    await use(store)
  } finally {
    await store.close()
  }
}

/** Uses of the library, by name. */
export const libraryUses: {
  readonly [name: string]: (client: Client, given: Case) => Promise<void>
} = {
  "list by the library": async (client, { shows }) => {
    const listeners = {
      onRejected: ({ reason }: { readonly reason: string }) => shows("a reason", reason),
      onWarning: ({ text }: Warning) => shows("a warning", text),
    }
    const query = { include: ["steps", "inputs", "outputs", "raw"] } as const
    for await (const entry of client.entries(query, { limit: 100, ...listeners })) {
      const [, written = ""] = entry.cursor().split(".")
      shows("a cursor", Buffer.from(written, "base64url").toString())
    }
  },
  "pages by the library": async (client, { shows }) => {
    let left = 20
    for await (const page of client.pages({ status: ["failed", "running"], since: "30d" })) {
      for (const { text } of page.warnings) shows("a warning", text)
      if (--left === 0) break
    }
  },
  "get by the library": async (client) => {
    await client.get("1")
    const { failures } = await client.getMany(["1", "2", "a/b", "é"], { include: ["raw"] })
    for (const { error } of failures) throw error
  },
  "sync by the library": (client, given) =>
    withStore(given, (store) =>
      store.sync(client, {
        onWarning: ({ text }) => given.shows("a warning", text),
        details: "all",
        include: ["steps", "raw"],
      }),
    ),
  "follow by the library": async (client, { shows }) => {
    const options = {
      intervalMs: 1,
      since: new Date(0),
      signal: AbortSignal.timeout(followedMs),
      onWarning: ({ text }: Warning) => shows("a warning", text),
    }
    try {
      for await (const change of client.follow({}, options)) JSON.stringify(change)
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
    }
  },
  "export by the library": async (client, given) => {
    const listeners = { onRejected: () => {}, onWarning: () => {} }
    for await (const execution of client.executions({ include: ["raw"] }, listeners)) {
      JSON.stringify(execution)
    }
    await withStore(given, async (store) => {
      for await (const execution of store.executions({ include: ["raw"] }))
        JSON.stringify(execution)
    })
  },
}
