import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

/** A server in a process of its own, so that it works on another core than what is measured. */
export interface ServerProcess extends AsyncDisposable {
  readonly baseUrl: string
}

/** The key that the servers of the benchmarks take. */
export const serverKey = "app-simulator-key"

/** Starts a server script, which prints its base URL and stops when its stdin closes. */
export const startServer = async (
  script: URL,
  parameters: ReadonlyArray<string>,
): Promise<ServerProcess> => {
  const child = spawn(process.execPath, [fileURLToPath(script), ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const closed = once(child, "close")
  const lines = createInterface(child.stdout)
  const said = await Promise.race([once(lines, "line"), closed.then(() => [])])
  const baseUrl: unknown = said[0]
  if (typeof baseUrl !== "string") throw new Error(`${script.pathname} did not start.`)
  return {
    baseUrl,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await closed
    },
  }
}
