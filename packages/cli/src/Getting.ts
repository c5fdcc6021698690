import type { ConnectionFlags } from "./ConnectionFlags.js"
import { chooseOneConnection } from "./Connections.js"
import { ExitCode } from "./ExitCode.js"
import { reportFailure } from "./Failure.js"
import { type FormatFlag, readFormat } from "./FormatFlag.js"
import { makeExecutionWriter } from "./formats/ExecutionFormats.js"
import { OutputError } from "./Output.js"
import { readInclude } from "./QueryReading.js"
import type { Session } from "./Session.js"
import { terminalJson } from "./TerminalText.js"

/** The flags of `get`. */
export interface GetFlags extends ConnectionFlags, FormatFlag {
  readonly include?: string
}

/** Shows one execution. Gives the exit code. */
export const get = async (id: string, flags: GetFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const wantsRaw = readInclude(flags.include)?.includes("raw") === true
  const format = readFormat(flags, output.isTerminal)
  const chosen = await chooseOneConnection(flags, session, "get")
  try {
    const { client } = await chosen.open()
    notices.progress.show("reading")
    const execution = await client.get(id, {
      include: wantsRaw ? ["raw"] : [],
      signal: interruption,
    })
    notices.progress.stop()
    if (format === "table") {
      const { detailText } = await import("./formats/Detail.js")
      await output.write(detailText(execution, output))
    } else if (format === "json") {
      await output.write(`${terminalJson(execution, 2)}\n`)
    } else {
      const writer = await makeExecutionWriter(format, output)
      await writer.write(execution)
      await writer.end()
    }
    return ExitCode.done
  } catch (error) {
    if (error instanceof OutputError) throw error
    return interruption.aborted ? ExitCode.interrupted : reportFailure(notices, error, chosen.label)
  }
}
