// The changes at the providers of the demo while it follows them.
import { setTimeout as wait } from "node:timers/promises"

const providers = ["dify", "alloy", "n8n", "prefect"]
const pauseMs = 700

/** The number of changes that `changeHistory` makes. */
export const changesMade = 8

/** Once every provider has been asked: executions start, and then end, some of them well. */
export const changeHistory = async (simulator) => {
  const { dify, alloy, n8n, prefect } = simulator
  while (!providers.every((one) => simulator.requests.some(({ provider }) => provider === one))) {
    await wait(50)
  }
  const inserted = dify.insert({ status: "running", at: Date.now() })
  const started = alloy.start({ workflow: 1, user: 2, startedAt: Date.now() })
  await wait(pauseMs)
  const shop = n8n.insert({ workflow: 1, startedAt: Date.now() })
  const etl = prefect.insert({ state: "RUNNING", flow: 1, expectedStartTime: Date.now() })
  await wait(pauseMs)
  dify.finish(inserted.runId, "succeeded", Date.now())
  await wait(pauseMs)
  alloy.finish(started, "error", Date.now())
  await wait(pauseMs)
  n8n.finish(shop, "success", Date.now())
  prefect.setState(etl, { type: "FAILED", at: Date.now() })
}
