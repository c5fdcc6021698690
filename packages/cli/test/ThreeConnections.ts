import { startSimulator, type Simulator } from "@execlog/simulator"
import { directoryWith, type Surroundings } from "./Execlog.js"

/** A simulator, and surroundings whose configuration has a connection to each of three providers. */
export const startThreeConnections = async (): Promise<{
  readonly simulator: Simulator
  readonly surroundings: Surroundings & {
    readonly environment: { readonly [name: string]: string }
  }
}> => {
  const simulator = await startSimulator({
    dify: { executions: 230 },
    alloy: { executions: 150 },
    prefect: { executions: 90 },
  })
  const directory = directoryWith({
    "execlog.json": {
      connections: {
        "support-bot": {
          provider: "dify",
          settings: { baseUrl: simulator.dify.baseUrl },
          transport: { retries: 0 },
        },
        production: { provider: "alloy", settings: { baseUrl: simulator.alloy.baseUrl } },
        warehouse: { provider: "prefect", settings: { baseUrl: simulator.prefect.baseUrl } },
      },
    },
  })
  const environment = {
    DIFY_API_KEY: simulator.dify.apiKey,
    ALLOY_API_KEY: simulator.alloy.apiKey,
  }
  return { simulator, surroundings: { directory, environment } }
}
