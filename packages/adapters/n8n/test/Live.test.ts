import { liveSuite } from "@execlog/contract-tests"
import { n8n } from "../src/index.js"

await liveSuite({ adapter: n8n, module: new URL("../dist/index.js", import.meta.url) })
