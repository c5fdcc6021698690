import { contractSuite } from "@execlog/contract-tests"
import { dify } from "../src/index.js"

await contractSuite({
  adapter: dify,
  fixtures: new URL("../../../../fixtures/dify/", import.meta.url),
  module: new URL("../dist/index.js", import.meta.url),
})
