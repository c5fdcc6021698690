import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { callCommand } from "../src/commands/follow/CommandCall.js"
import { bareExecution } from "./BareExecution.js"
import { directoryWith } from "./Execlog.js"

const never = new AbortController().signal
const long = "x".repeat(200_000)

const call = (command: string, id: string, directory = "") =>
  callCommand(
    {
      command,
      environment: { PATH: process.env["PATH"], DIR: directory },
      timeoutMs: 60_000,
      cutOff: never,
    },
    { execution: { ...bareExecution, id }, previous: null, observedAt: new Date(0) },
  )

it("calls the command with a shortened EXECLOG_ID when the id exceeds an environment variable", async () => {
  const directory = directoryWith({})
  const command = 'cat > "$DIR/in"; printf %s "$EXECLOG_ID" > "$DIR/id"'
  expect(await call(command, long, directory)).toBeNull()
  expect(readFileSync(join(directory, "id"), "utf8")).toBe(long.slice(0, 2000))
  expect(JSON.parse(readFileSync(join(directory, "in"), "utf8"))).toHaveProperty("id", long)
})

it("returns a failure when no process can be started for the command", async () => {
  expect(await call(`true ${long}`, "1")).toBe("could not be started: spawn E2BIG")
})
