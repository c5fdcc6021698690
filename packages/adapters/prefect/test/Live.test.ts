import { liveSuite } from "@execlog/contract-tests"
import { prefect } from "../src/index.js"

await liveSuite({ adapter: prefect, module: new URL("../dist/index.js", import.meta.url) })
