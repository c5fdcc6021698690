import { readConfig } from "./Config.js"
import { type ExitCode, leastFailure } from "./ExitCode.js"
import { reportFailure } from "./Failure.js"
import { type FormatFlag, readFormat, reportFormats } from "./FormatFlag.js"
import { jsonText } from "./formats/Json.js"
import { providerText } from "./formats/ProviderText.js"
import { listProviders } from "./ProviderList.js"
import type { Session } from "./Session.js"

/** The flags of `providers`. */
export interface ProvidersFlags extends FormatFlag {
  readonly config?: string
}

/** Lists adapters. Gives the exit code. */
export const providers = async (flags: ProvidersFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, directory } = session
  const format = readFormat(flags, output.isTerminal, reportFormats)
  const config = await readConfig(flags.config, directory)
  const packages = Object.values(config?.connections ?? {}).flatMap((connection) =>
    connection.package === undefined ? [] : [connection.package],
  )
  const outcomes: Array<ExitCode> = []
  const entries = await listProviders(directory, packages, (error) => {
    outcomes.push(reportFailure(notices, error, null))
  })
  await output.write(
    format === "table"
      ? providerText(entries)
      : jsonText(entries, format === "json" ? "json" : "ndjson"),
  )
  return leastFailure(outcomes)
}
