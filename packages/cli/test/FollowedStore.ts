import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { openStore, type Store } from "@execlog/store"
import { directoryWith, type Outcome, type Surroundings } from "./Execlog.js"

/** Two connections with a history each, and a directory whose store is empty. */
export interface FollowedStore {
  readonly simulator: Simulator
  readonly surroundings: Surroundings & { readonly environment: Record<string, string> }
  readonly path: string
  /** Reads the store directly. */
  readonly ask: <A>(question: (store: Store) => Promise<A>) => Promise<A>
  /** Adds an execution of Dify that has failed. */
  readonly failing: () => void
  /** Runs the next function before the response to each poll of Dify's list, from the second poll on. */
  readonly beforePolls: (...acts: ReadonlyArray<() => void>) => void
  /** All recorded changes, in order. */
  readonly recorded: () => Promise<ReadonlyArray<string>>
}

/** Whether a request is for Dify's list. */
export const isDifyList = (path: string): boolean => path.includes("/workflows/logs?")

/** Starts them. */
export const startFollowedStore = async (): Promise<FollowedStore> => {
  const now = new Date()
  const simulator = await startSimulator({
    dify: { executions: 30, now },
    n8n: { executions: 30, now },
  })
  const settings = (baseUrl: string, name: string) => ({ baseUrl, apiKey: `\${${name}}` })
  const transport = { retries: 0 }
  const directory = directoryWith({
    "execlog.json": {
      connections: {
        bot: { provider: "dify", settings: settings(simulator.dify.baseUrl, "BOT"), transport },
        shop: { provider: "n8n", settings: settings(simulator.n8n.baseUrl, "SHOP"), transport },
      },
    },
  })
  const path = join(directory, "execlog.db")
  const environment = {
    BOT: simulator.dify.apiKey,
    SHOP: simulator.n8n.apiKey,
  }
  const ask: FollowedStore["ask"] = async (question) => {
    const opened = await openStore(path, { access: "read" })
    try {
      return await question(opened)
    } finally {
      await opened.close()
    }
  }
  return {
    simulator,
    surroundings: { directory, environment },
    path,
    ask,
    failing: () => void simulator.dify.insert({ status: "failed" }),
    beforePolls: (...acts) => {
      let polls = 0
      simulator.intercept(({ path: asked }) => {
        if (isDifyList(asked)) acts[polls++ - 1]?.()
        return undefined
      })
    },
    recorded: () => ask(async (opened) => (await opened.changes(0, 10_000)).map(shortly)),
  }
}

interface ToldChange {
  readonly previous: { readonly status: string } | null
  readonly execution: {
    readonly id: string
    readonly status: string
    readonly connection: string | null
  }
}

const shortly = ({ execution, previous }: ToldChange): string =>
  [execution.connection, execution.id, previous?.status, execution.status].filter(Boolean).join(" ")

/** The changes in NDJSON, in short. Ignores a line that a kill has cut off. */
export const changesIn = ({ stdout }: Pick<Outcome, "stdout">): ReadonlyArray<string> =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => shortly(JSON.parse(line)))
