import type { Execution } from "@execlog/core"
import { emptyFields } from "@execlog/core/unstable"

/** A succeeded execution without any other data. */
export const bareExecution = {
  ...emptyFields,
  provider: "dify",
  connection: null,
  id: "1",
  status: "succeeded",
} satisfies Execution
