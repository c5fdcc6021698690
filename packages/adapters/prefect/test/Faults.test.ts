import { faultSuite } from "@execlog/contract-tests"
import { served } from "./Served.js"

await faultSuite(served, { module: new URL("../dist/index.js", import.meta.url) })
