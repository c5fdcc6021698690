import { packagesOf, requirePackageName } from "../../connections/AdapterLookup.js"
import { readConfig } from "../../connections/Config.js"
import { type FormatFlag, readFormat, reportFormats } from "../../flags/FormatFlag.js"
import { jsonText } from "../../formats/Json.js"
import { type ExitCode, leastFailure } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import type { Session } from "../../session/Session.js"
import { listProviders } from "./ProviderList.js"
import { providerText } from "./ProviderText.js"

/** The flags of `providers`. */
export interface ProvidersFlags extends FormatFlag {
  readonly config?: string
  readonly all?: boolean
}

/** Lists adapters. Returns the exit code. */
export const providers = async (flags: ProvidersFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, directory } = session
  const format = readFormat(flags, output.isTerminal, reportFormats)
  const config = await readConfig(flags.config, directory)
  const named = Object.entries(config?.connections ?? {}).flatMap(([name, connection]) => {
    if (connection.package === undefined) return packagesOf(connection.provider)
    requirePackageName(connection.package, `${config?.path}: connections.${name}.package`)
    return [connection.package]
  })
  const outcomes: Array<ExitCode> = []
  const entries = await listProviders(directory, { named, all: flags.all === true }, (error) => {
    outcomes.push(reportFailure(notices, error, null))
  })
  await output.write(
    format === "table"
      ? providerText(entries)
      : jsonText(entries, format === "json" ? "json" : "ndjson"),
  )
  return leastFailure(outcomes)
}
