// The official adapters, each with the simulator's server of its provider.

import { startSimulator } from "@execlog/simulator"

/**
 * @typedef {object} Served
 * @property {string} id
 * @property {string} packageName
 * @property {{ apiKey: string, baseUrl: string }} settings
 * @property {boolean} gives whether an endpoint gives one execution by its id
 * @property {ReadonlySet<string>} ids of every execution that the server has
 */

/** @returns {Promise<{ served: Served[], stop: () => Promise<void> }>} */
export const serveProviders = async () => {
  const many = { executions: 80, seed: 11, now: new Date() }
  const prefectKey = "prefect-dry-run-key"
  const simulator = await startSimulator({
    dify: many,
    alloy: many,
    n8n: many,
    prefect: { ...many, apiKey: prefectKey },
  })
  const { alloy, dify, n8n, prefect } = simulator
  const served = (id, gives, { baseUrl, apiKey }, ids) => ({
    id,
    packageName: `@execlog/${id}`,
    settings: { apiKey, baseUrl },
    gives,
    ids: new Set(ids),
  })
  return {
    served: [
      served(
        "alloy",
        false,
        alloy,
        [...alloy.truth()].map(({ executionId }) => executionId),
      ),
      served(
        "dify",
        true,
        dify,
        [...dify.truth()].map((row) => row.workflow_run?.id ?? row.id),
      ),
      served(
        "n8n",
        true,
        n8n,
        [...n8n.truth()].map(({ id }) => id),
      ),
      served(
        "prefect",
        true,
        { ...prefect, apiKey: prefectKey },
        [...prefect.truth()].map(({ id }) => id),
      ),
    ],
    stop: () => simulator.stop(),
  }
}
