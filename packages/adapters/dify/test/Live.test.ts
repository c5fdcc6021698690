import { liveSuite } from "@execlog/contract-tests"
import { dify } from "../src/index.js"

await liveSuite({ adapter: dify, module: new URL("../dist/index.js", import.meta.url) })
