import type { ConnectionFlags } from "./ConnectionFlags.js"
import type { FormatFlag } from "./FormatFlag.js"
import type { QueryFlags } from "./QueryFlags.js"
import type { StoredFlags } from "./StoreFlags.js"

/** The flags of `list`; `explain` takes the same. */
export interface ListFlags extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags {
  readonly strict?: boolean
}
