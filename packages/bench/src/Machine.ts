import { availableParallelism, cpus } from "node:os"

/** On what was measured, for the reader of the figures. */
export const describeMachine = (): string =>
  `Node ${process.version}, ${cpus()[0]?.model.trim() ?? "unknown processor"}, ` +
  `${availableParallelism()} cores, ${process.platform} ${process.arch}`
