import type { Hint, HintCode } from "../model/AdapterError.js"
import type { JsonObject } from "../model/Json.js"

/** Who applies a filter, as an adapter answers it. */
export type FilterAnswer =
  /** The provider applies it exactly. */
  | { readonly by: "provider"; readonly sent: JsonObject }
  /** The provider returns a superset, which execlog then filters. */
  | { readonly by: "both"; readonly sent: JsonObject; readonly note?: string | undefined }
  /** execlog applies it. */
  | { readonly by: "execlog"; readonly note?: string | undefined }
  /** The settings decide it: all executions pass, or none does. */
  | { readonly by: "settings"; readonly passes: boolean }
  /** Nobody can apply it. */
  | { readonly by: "nobody"; readonly note: string; readonly hint?: Hint | HintCode | undefined }
