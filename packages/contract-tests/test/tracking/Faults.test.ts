import { faultSuite } from "../../src/index.js"
import { served } from "./TrackingServer.js"

await faultSuite(served, { module: new URL("./TrackingAdapter.ts", import.meta.url) })
