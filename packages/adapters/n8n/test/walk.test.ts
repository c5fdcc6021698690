import { killedWalkSuite, walkSuite } from "@execlog/contract-tests"
import { served } from "./served.js"

walkSuite(served)
killedWalkSuite(served, new URL("../dist/index.js", import.meta.url))
