import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { readSamples, type Samples } from "./Samples.ts"

/**
 * Measures in a process of its own, which neither inherits a warm compiler and a grown heap from
 * the measurement before nor leaves one to the next.
 */
export const measureInProcess = async (
  script: URL,
  parameters: ReadonlyArray<string> = [],
  nodeFlags: ReadonlyArray<string> = [],
): Promise<Samples> => {
  const child = spawn(
    process.execPath,
    ["--expose-gc", ...nodeFlags, fileURLToPath(script), ...parameters],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  let printed = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text
  })
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`${script.pathname} ended with ${String(code)}.`)
  return readSamples(printed)
}
