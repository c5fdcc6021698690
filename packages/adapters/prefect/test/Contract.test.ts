import { contractSuite } from "@execlog/contract-tests"
import { prefect } from "../src/index.js"

await contractSuite({
  adapter: prefect,
  fixtures: new URL("../../../../fixtures/prefect/", import.meta.url),
  module: new URL("../dist/index.js", import.meta.url),
})
