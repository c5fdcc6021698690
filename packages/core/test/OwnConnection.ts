import type { Connection } from "../src/adapter.js"

/** A connection that is written in place: `createClient` takes only what an adapter returns. */
export const own = (connection: Connection): Connection => connection
