import { contractSuite } from "@execlog/contract-tests"
import { n8n } from "../src/index.js"

await contractSuite({
  adapter: n8n,
  fixtures: new URL("../../../../fixtures/n8n/", import.meta.url),
  module: new URL("../dist/index.js", import.meta.url),
  settings: { baseUrl: "https://n8n.example.com/api/v1" },
})
