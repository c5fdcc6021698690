import type { Execution } from "../src/index.js"
import { emptyFields } from "../src/unstable.js"

/** An execution with only the given fields set. */
export const bareExecution = (known: Partial<Execution>): Execution => ({
  ...emptyFields,
  provider: "sample",
  connection: null,
  id: "1",
  status: "succeeded",
  ...known,
})
