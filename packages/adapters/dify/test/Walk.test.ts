import { walkSuite } from "@execlog/contract-tests"
import { served } from "./Served.js"

walkSuite(served)
