import { walkSuite } from "@execlog/contract-tests"
import { served } from "./served.js"

walkSuite(served)
