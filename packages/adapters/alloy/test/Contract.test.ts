import { contractSuite } from "@execlog/contract-tests"
import { alloy } from "../src/index.js"

await contractSuite({
  adapter: alloy,
  fixtures: new URL("../../../../fixtures/alloy/", import.meta.url),
  module: new URL("../dist/index.js", import.meta.url),
})
