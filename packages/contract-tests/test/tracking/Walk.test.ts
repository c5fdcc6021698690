import { killedWalkSuite, walkSuite } from "@execlog/contract-tests"
import { served } from "./TrackingServer.js"

walkSuite(served)
killedWalkSuite(served, new URL("./TrackingAdapter.ts", import.meta.url))
