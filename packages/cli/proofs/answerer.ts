/**
 * A process that reads hostile responses over HTTP, as a user's program would: with the library and
 * with the commands. It writes what it does next, so that its parent knows what killed it.
 */
import { mkdtempSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import alloy from "@execlog/alloy"
import { AdapterError, createClient } from "@execlog/core"
import dify from "@execlog/dify"
import n8n from "@execlog/n8n"
import prefect from "@execlog/prefect"
import { randomness, startSimulator } from "@execlog/simulator"
import { StoreError } from "@execlog/store"
import { readBomb } from "./GzipBombs.ts"
import { startHostileServer } from "./HostileServer.ts"
import { libraryUses } from "./LibraryUses.ts"
import { callProgram, programUses } from "./ProgramUses.ts"

/** The cases to try: each is one use of execlog with some hostile responses. */
export interface Task {
  readonly seed: number
  readonly from: number
  readonly to: number
  /** The folder of the gzip bombs. */
  readonly bombs: string
}

const { seed, from, to, bombs }: Task = JSON.parse(process.argv[2] ?? "")
const key = `canary-answers-${seed}`
const mostHostile = 12
const casesOfFolder = 50
const transport = { timeoutMs: 1000, deadlineMs: 2000, maxBodyBytes: 16 * 1024 * 1024 }

const emit = (...parts: ReadonlyArray<string | number>): void => {
  writeSync(1, `${parts.join(" ")}\n`)
}
const found = (what: string, error: unknown): void => {
  emit("found", `${what}: ${inspect(error, { depth: 4 }).slice(0, 1500)}`.replaceAll(/\s+/g, " "))
}
process.on("uncaughtException", (error) => found("an uncaught error", error))
process.on("unhandledRejection", (error) => found("a rejection that nobody handles", error))
console.error = (text: unknown) => shows("stderr", String(text))

const forms = [
  key,
  btoa(key).slice(0, -4),
  btoa(`Bearer ${key}`).slice(12, -4),
  encodeURIComponent(key),
]
const shows = (where: string, text: string): void => {
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
const server = await startHostileServer(simulator, (random) => readBomb(bombs, random))
const at = (baseUrl: string): string =>
  new URL(new URL(baseUrl).pathname, `http://127.0.0.1:${server.port}`).href

const difySettings = { apiKey: key, baseUrl: at(simulator.dify.baseUrl), workflow: { id: "w1" } }
const alloySettings = { apiKey: key, baseUrl: at(simulator.alloy.baseUrl) }
const n8nSettings = { apiKey: key, baseUrl: at(simulator.n8n.baseUrl) }
const prefectSettings = { apiKey: key, baseUrl: at(simulator.prefect.baseUrl) }
const providers = [
  {
    settings: difySettings,
    connection: dify(difySettings),
    played: { baseUrl: simulator.dify.baseUrl, ownKey: simulator.dify.apiKey },
  },
  {
    settings: alloySettings,
    connection: alloy(alloySettings),
    played: { baseUrl: simulator.alloy.baseUrl, ownKey: simulator.alloy.apiKey },
  },
  {
    settings: n8nSettings,
    connection: n8n(n8nSettings),
    played: { baseUrl: simulator.n8n.baseUrl, ownKey: simulator.n8n.apiKey },
  },
  {
    settings: prefectSettings,
    connection: prefect(prefectSettings),
    played: { baseUrl: simulator.prefect.baseUrl, ownKey: "" },
  },
]

let folder = ""
const newFolder = (): void => {
  if (folder !== "") rmSync(folder, { recursive: true })
  folder = mkdtempSync(join(tmpdir(), "execlog-answerer-"))
}
const uses = [...Object.keys(libraryUses), ...Object.keys(programUses)]
let answers = 0

for (let number = from; number < to; number++) {
  if (folder === "" || number % casesOfFolder === 0) newFolder()
  const random = randomness(seed + number * 7919)
  const provider = random.pick(providers)
  const name = random.pick(uses)
  if (provider === undefined || name === undefined) continue
  const given = { folder, shows }
  // Most requests are not retried, because waiting between retries takes most of the time.
  const ownTransport = { ...transport, retries: random.chance(1 / 4) ? 1 : 0 }
  emit("case", number, name, provider.connection.provider)
  server.begin({
    provider: provider.played,
    random,
    key,
    most: random.below(mostHostile) + 1,
    onAnswer: (kind) => {
      answers += 1
      emit("answer", kind)
    },
  })
  try {
    const args = programUses[name]
    if (args === undefined) {
      const client = createClient(provider.connection, { name: "shop", transport: ownTransport })
      await libraryUses[name]?.(client, given)
    } else {
      const { settings, connection } = provider
      const connections = {
        shop: { provider: connection.provider, settings, transport: ownTransport },
      }
      writeFileSync(join(folder, "execlog.json"), JSON.stringify({ connections }))
      const wrong = await callProgram(args, given)
      if (wrong !== null) found(`wrong in ${name}`, wrong)
    }
  } catch (error) {
    if (!AdapterError.is(error) && !StoreError.is(error)) found(`a raw error by ${name}`, error)
    shows(
      `an error of ${name}`,
      `${String(error)} ${JSON.stringify(error)} ${inspect(error, { depth: 9 })}`,
    )
  }
  emit("done", number, answers)
}
rmSync(folder, { recursive: true })
process.exit(0)
