import type { JsonObject } from "../model/Json.js"
import type { Hint, HintCode } from "../model/AdapterError.js"

/** Who answers a filter, as an adapter says it. */
export type FilterAnswer =
  /** The provider answers it exactly. */
  | { readonly by: "provider"; readonly sent: JsonObject }
  /** The provider gives a superset, which is then filtered here. */
  | { readonly by: "both"; readonly sent: JsonObject; readonly note?: string | undefined }
  /** It is filtered here. */
  | { readonly by: "execlog"; readonly note?: string | undefined }
  /** The settings answer it: all executions pass, or none does. */
  | { readonly by: "settings"; readonly passes: boolean }
  /** Nobody can answer it. */
  | { readonly by: "nobody"; readonly note: string; readonly hint?: Hint | HintCode | undefined }
