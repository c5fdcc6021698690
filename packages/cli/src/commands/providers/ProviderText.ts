import { terminalJson, terminalText } from "../../text/TerminalText.js"
import type { ProviderEntry } from "./ProviderList.js"

/** The text of the adapters, for people: the installed ones with their settings, then how to install others. */
export const providerText = (entries: ReadonlyArray<ProviderEntry>): string => {
  const lines = entries.flatMap((entry) => {
    if (!entry.installed)
      return [`${entry.id}  ${entry.title}`, `  not installed: ${entry.install}`, ""]
    if (!entry.loaded) {
      return [
        entry.title,
        `  from ${entry.path}`,
        "  not loaded: execlog providers --all loads it",
        "",
      ]
    }
    return [
      `${entry.id}  ${entry.title}`,
      `  ${entry.package} ${entry.version ?? ""}, from ${entry.path}`,
      ...entry.settings.flatMap(({ name, description, variable, required, default: standard }) => [
        `  ${name.padEnd(12)}  ${description}`,
        `  ${"".padEnd(12)}  ${[
          required ? "required" : "optional",
          ...(variable === null ? [] : [`secret, from ${variable}`]),
          ...(standard === null ? [] : [`default: ${plain(standard)}`]),
        ].join("; ")}`,
      ]),
      "",
    ]
  })
  return `${lines.map(terminalText).join("\n").trimEnd()}\n`
}

const plain = (value: unknown): string => (typeof value === "string" ? value : terminalJson(value))
