import type { ConnectionFlags } from "./ConnectionFlags.js"
import type { FormatFlag } from "./FormatFlag.js"
import type { QueryFlags } from "./QueryFlags.js"

/** The flags of `list`; `explain` takes the same. */
export interface ListFlags extends ConnectionFlags, QueryFlags, FormatFlag {
  readonly strict?: boolean
}
