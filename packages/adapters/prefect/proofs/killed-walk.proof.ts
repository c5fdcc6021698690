import { killedWalkSuite } from "@execlog/contract-tests"
import { served } from "../test/Served.js"

killedWalkSuite(served, new URL("../dist/index.js", import.meta.url))
