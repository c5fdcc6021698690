#!/usr/bin/env node
import { serve } from "./ServeCommand.js"

serve(process.argv.slice(2), process.stdin, process.stdout).then(
  (simulator) => {
    const stop = (): void => {
      process.stdin.destroy()
      void simulator?.stop()
    }
    process.once("SIGTERM", stop)
    process.once("SIGINT", stop)
  },
  (cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exitCode = 2
  },
)
