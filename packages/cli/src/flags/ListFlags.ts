import type { ConnectionFlags } from "./ConnectionFlags.js"
import type { DetailsFlag } from "./DetailsFlag.js"
import type { FormatFlag } from "./FormatFlag.js"
import type { QueryFlags } from "./QueryFlags.js"
import type { GoneFlag, StoredFlags } from "./StoreFlags.js"

/** The flags of `list`; `explain` takes the same. */
export interface ListFlags
  extends ConnectionFlags, QueryFlags, FormatFlag, StoredFlags, GoneFlag, DetailsFlag {
  readonly strict?: boolean
}
