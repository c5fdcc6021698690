import { liveSuite } from "@execlog/contract-tests"
import { alloy } from "../src/index.js"

await liveSuite({ adapter: alloy, module: new URL("../dist/index.js", import.meta.url) })
