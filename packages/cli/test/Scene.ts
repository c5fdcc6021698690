import { startSimulator, type Simulator, type SimulatedProvider } from "@execlog/simulator"
import { directoryWith, execlog, type Outcome, type Surroundings } from "./Execlog.js"

/** A simulator of all providers, and a directory whose configuration has a connection to each. */
export interface Scene {
  readonly simulator: Simulator
  readonly surroundings: {
    readonly directory: string
    readonly environment: { readonly [name: string]: string }
  }
  /** Runs the program there. */
  readonly call: (
    args: ReadonlyArray<string>,
    environment?: Surroundings["environment"],
  ) => Promise<Outcome>
  /**
   * Responds to a number of requests of a provider, and never to later ones. Resolves when the first of
   * those arrives.
   */
  readonly stall: (provider: SimulatedProvider, after: number) => Promise<void>
}

/** How many executions each provider has. */
export type Sizes = { readonly [Provider in SimulatedProvider]?: number }

/** Starts the simulator; the caller must stop it. */
export const startScene = async (sizes: Sizes = {}): Promise<Scene> => {
  const simulator = await startSimulator({
    dify: { executions: sizes.dify ?? 230 },
    alloy: { executions: sizes.alloy ?? 60 },
    prefect: { executions: sizes.prefect ?? 40 },
    n8n: { executions: sizes.n8n ?? 50 },
  })
  const transport = { retries: 0 }
  const directory = directoryWith({
    "execlog.json": {
      connections: {
        "support-bot": { provider: "dify", settings: settingsOf(simulator, "dify"), transport },
        production: { provider: "alloy", settings: settingsOf(simulator, "alloy"), transport },
        warehouse: { provider: "prefect", settings: settingsOf(simulator, "prefect"), transport },
        editor: { provider: "n8n", settings: settingsOf(simulator, "n8n"), transport },
      },
    },
  })
  const environment = {
    DIFY_API_KEY: simulator.dify.apiKey,
    ALLOY_API_KEY: simulator.alloy.apiKey,
    N8N_API_KEY: simulator.n8n.apiKey,
  }
  return {
    simulator,
    surroundings: { directory, environment },
    call: (args, more = {}) =>
      execlog(args, { directory, environment: { ...environment, ...more } }),
    stall: (provider, after) =>
      new Promise((resolve) => {
        let seen = 0
        simulator.intercept((request) => {
          if (request.provider !== provider) return undefined
          seen += 1
          if (seen <= after) return undefined
          resolve()
          return new Promise(() => {})
        })
      }),
  }
}

/** The settings for a provider of the simulator. */
export const settingsOf = (simulator: Simulator, provider: SimulatedProvider) => ({
  baseUrl: simulator[provider].baseUrl,
})

/** The report of `sync` on a connection. */
export interface Synced {
  readonly connection: string
  readonly provider: string
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  readonly rejected: number
  readonly pages: number
  readonly isComplete: boolean
  readonly exitCode: number
}

/** The lines of NDJSON that `sync` wrote. */
export const syncedIn = (stdout: string): ReadonlyArray<Synced> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))

/** The last line of each connection. */
export const byConnection = (stdout: string): { readonly [connection: string]: Synced } =>
  Object.fromEntries(syncedIn(stdout).map((synced) => [synced.connection, synced]))

/** The identities and statuses of executions, sorted independently of ties. */
export const identitiesIn = (stdout: string): ReadonlyArray<string> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { connection, id, status } = JSON.parse(line)
      return `${connection} ${id} ${status}`
    })
    .toSorted()

/** The identities that lists return: waiting executions of n8n are only in a store. */
export const listable = (identities: ReadonlyArray<string>): ReadonlyArray<string> =>
  identities.filter((identity) => !/^editor \S+ waiting$/.test(identity))
