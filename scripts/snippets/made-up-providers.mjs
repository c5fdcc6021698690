// Imported before a page's program runs: what it asks of the providers is answered by the simulator,
// without a socket. A page may start a simulator of its own; anything else is rejected.

import { startSimulator } from "@execlog/simulator"

const executions = 300
const { fetch, dify, alloy, prefect, n8n } = await startSimulator({
  port: null,
  dify: { executions },
  alloy: { executions },
  prefect: { executions },
  n8n: { executions },
})
const addresses = Object.entries({
  "https://api.dify.ai/v1": dify.baseUrl,
  "https://production.runalloy.com": alloy.baseUrl,
  "http://127.0.0.1:4200/api": prefect.baseUrl,
  "https://n8n.example.com/api/v1": n8n.baseUrl,
})

Object.assign(process.env, {
  DIFY_API_KEY: dify.apiKey,
  GATEWAY_KEY: "canary-gateway-1",
  ALLOY_API_KEY: alloy.apiKey,
  N8N_API_KEY: n8n.apiKey,
})

const overHttp = globalThis.fetch

globalThis.fetch = async (input, init) => {
  const url = String(input)
  const [address, simulated] = addresses.find(([begin]) => url.startsWith(begin)) ?? []
  if (address === undefined && url.startsWith("http://127.0.0.1:")) return overHttp(input, init)
  if (address === undefined) throw new Error(`${url} is not the address of a provider`)
  return fetch(simulated + url.slice(address.length), init)
}
