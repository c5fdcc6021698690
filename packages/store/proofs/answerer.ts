/**
 * A process that is given hostile answers, as a program of a user would be: by list, get, sync, follow and
 * export. It writes what it is about to do, so that whoever watches it knows what it died of.
 */
import { writeSync } from "node:fs"
import { inspect } from "node:util"
import alloy from "@execlog/alloy"
import { AdapterError, type Client, createClient } from "@execlog/core"
import dify from "@execlog/dify"
import n8n from "@execlog/n8n"
import prefect from "@execlog/prefect"
import { startSimulator } from "@execlog/simulator"
import { openStore, type Store, StoreError } from "@execlog/store"
import { readBomb } from "./GzipBombs.ts"
import { hostileAnswer } from "./HostileAnswer.ts"
import { randomness } from "./Randomness.ts"

/** Which cases to try: each is one use of the library, of up to some hostile answers. */
export interface Task {
  readonly seed: number
  readonly from: number
  readonly to: number
  /** The folder of the answers that grow when they are read. */
  readonly bombs: string
}

const { seed, from, to, bombs }: Task = JSON.parse(process.argv[2] ?? "")
const key = `canary-answers-${seed}`
const mostHostile = 12
const inStore = 50

const tell = (...parts: ReadonlyArray<string | number>): void => {
  writeSync(1, `${parts.join(" ")}\n`)
}
const found = (what: string, error: unknown): void => {
  tell("found", `${what}: ${inspect(error, { depth: 4 }).slice(0, 1500)}`.replaceAll(/\s+/g, " "))
}
process.on("uncaughtException", (error) => found("an uncaught error", error))
process.on("unhandledRejection", (error) => found("a rejection that nobody handles", error))
console.error = (text: unknown) => checkText("stderr", String(text))

const forms = [
  key,
  btoa(key).slice(0, -4),
  btoa(`Bearer ${key}`).slice(12, -4),
  encodeURIComponent(key),
]
const checkText = (where: string, text: string): void => {
  if (forms.some((form) => text.includes(form)))
    found(`the key shows in ${where}`, text.slice(0, 600))
}

const some = { executions: 60 }
const simulator = await startSimulator({
  port: null,
  alloy: some,
  dify: some,
  n8n: some,
  prefect: some,
})
const { baseUrl } = simulator.dify
const providers = [
  {
    name: "dify",
    make: () => dify({ apiKey: key, baseUrl, workflow: { id: "w1" } }),
    ownKey: simulator.dify.apiKey,
  },
  {
    name: "alloy",
    make: () => alloy({ apiKey: key, baseUrl: simulator.alloy.baseUrl }),
    ownKey: simulator.alloy.apiKey,
  },
  {
    name: "n8n",
    make: () => n8n({ apiKey: key, baseUrl: simulator.n8n.baseUrl }),
    ownKey: simulator.n8n.apiKey,
  },
  {
    name: "prefect",
    make: () => prefect({ apiKey: key, baseUrl: simulator.prefect.baseUrl }),
    ownKey: "",
  },
]

/** What a sound server would answer, which knows another key. */
const soundAnswer = async (request: Request, ownKey: string) => {
  const headers = new Headers(request.headers)
  for (const [name, value] of headers) headers.set(name, value.replace(key, ownKey))
  if (ownKey === "") headers.delete("authorization")
  const { method } = request
  const body = method === "GET" ? null : await request.text()
  const response = await simulator.fetch(request.url, { method, headers, body })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

let answers = 0
let kinds: Array<string> = []
const kept: { store: Store | null } = { store: null }

const uses: ReadonlyArray<readonly [name: string, use: (client: Client) => Promise<void>]> = [
  [
    "list",
    async (client) => {
      const include = ["steps", "inputs", "outputs", "raw"] as const
      const listeners = {
        onRejected: ({ reason }: { readonly reason: string }) => checkText("a reason", reason),
        onWarning: (warning: string) => checkText("a warning", warning),
      }
      for await (const entry of client.entries({ include }, { limit: 100, ...listeners })) {
        checkText(
          "a cursor",
          atob(entry.cursor().split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/") ?? ""),
        )
      }
    },
  ],
  [
    "pages",
    async (client) => {
      let left = 20
      for await (const page of client.pages({ status: ["failed", "running"], since: "30d" })) {
        for (const warning of page.warnings) checkText("a warning", warning)
        if (--left === 0) break
      }
    },
  ],
  [
    "get",
    async (client) => {
      await client.get("1")
      const { failures } = await client.getMany(["1", "2", "a/b", "é"], { include: ["raw"] })
      for (const { error } of failures) throw error
    },
  ],
  [
    "sync",
    async (client) => {
      const store = (kept.store ??= await openStore(":memory:"))
      const onWarning = (warning: string) => checkText("a warning", warning)
      await store.sync(client, { onWarning, details: "all", include: ["steps", "raw"] })
    },
  ],
  [
    "follow",
    async (client) => {
      // An end of our own, which rejects with its reason.
      const signal = AbortSignal.timeout(100)
      const since = new Date(0)
      for await (const change of client.follow(
        {},
        { intervalMs: 1, since, signal, onWarning: (warning) => checkText("a warning", warning) },
      )) {
        JSON.stringify(change)
      }
    },
  ],
  [
    "export",
    async (client) => {
      for await (const execution of client.executions(
        { include: ["raw"] },
        { onRejected: () => {}, onWarning: () => {} },
      ))
        JSON.stringify(execution)
      const store = (kept.store ??= await openStore(":memory:"))
      for await (const execution of store.executions({ include: ["raw"] }))
        JSON.stringify(execution)
    },
  ],
]

for (let number = from; number < to; number++) {
  const random = randomness(seed + number * 7919)
  const provider = random.pick(providers)
  const [name, use] = random.pick(uses) ?? []
  if (provider === undefined || name === undefined || use === undefined) continue
  kinds = []
  let hostile = random.below(mostHostile) + 1
  const sparing = random.below(3)
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const sound = await soundAnswer(request, provider.ownKey)
    if (hostile <= 0 || random.below(3) < sparing) {
      return new Response(sound.text === "" ? null : sound.text, {
        status: sound.status,
        headers: sound.headers,
      })
    }
    hostile -= 1
    answers += 1
    const answer = hostileAnswer(sound, random, {
      echo: key,
      bomb: () => readBomb(bombs, random),
    })
    kinds.push(answer.kind)
    tell("answer", answer.kind)
    const isEmpty = [204, 205, 304].includes(answer.status)
    const blob = new Blob([
      typeof answer.body === "string" ? answer.body : Uint8Array.from(answer.body),
    ])
    const body =
      answer.headers["content-encoding"] === "gzip"
        ? blob.stream().pipeThrough(new DecompressionStream("gzip"))
        : blob.stream()
    return new Response(isEmpty ? null : body, { status: answer.status, headers: answer.headers })
  }
  tell("case", number, name, provider.name)
  try {
    const client = createClient(provider.make(), {
      name: "shop",
      fetch,
      transport: { retries: 1, timeoutMs: 3000, deadlineMs: 4000 },
    })
    await use(client)
  } catch (error) {
    const isOwnEnd = name === "follow" && error instanceof DOMException
    if (!isOwnEnd && !AdapterError.is(error) && !StoreError.is(error))
      found(`a raw error by ${name} of ${provider.name}, ${kinds.join(", ")}`, error)
    checkText(
      `an error of ${name}, ${kinds.join(", ")}`,
      `${String(error)} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`,
    )
  }
  tell("done", number, answers)
  if (number % inStore === 0) {
    await kept.store?.close()
    kept.store = null
  }
}
process.exit(0)
