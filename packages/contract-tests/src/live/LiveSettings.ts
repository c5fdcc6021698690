import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { settingVariable } from "@execlog/core/unstable"
import type { AdapterUnderTest } from "../kit/Subject.js"

/** Environment variables, like `process.env`. */
export interface Environment {
  readonly [variable: string]: string | undefined
}

/**
 * All settings of a connection to a real server: the given ones, and the others from environment
 * variables such as DIFY_BASE_URL. Throws an error that names each missing variable.
 */
export const liveSettings = (
  adapter: AdapterUnderTest,
  given: { readonly [name: string]: unknown },
  environment: Environment,
): Record<string, unknown> => {
  const settings: Record<string, unknown> = { ...given }
  for (const { name, kind } of adapter.settings) {
    const variable = settingVariable(adapter.id, name)
    const text = environment[variable]?.trim() ?? ""
    if (name in settings || text === "") continue
    settings[name] = kind === "json" ? jsonOf(text, variable) : text
  }
  const missing = adapter.settings.filter(({ name, required }) => required && !(name in settings))
  if (missing.length === 0) return settings
  const all = adapter.settings.map(({ name, description, required }) => {
    const state = name in settings ? "set" : required ? "missing" : "may be left out"
    return `  ${settingVariable(adapter.id, name)} (${state}): ${description}`
  })
  const names = missing.map(({ name }) => settingVariable(adapter.id, name))
  const are = names.length === 1 ? "is" : "are"
  throw new Error(
    `The live suite needs a real server of ${adapter.title}, but ${names.join(" and ")} ${are} missing in the environment.\n${all.join("\n")}`,
  )
}

const jsonOf = (text: string, variable: string): Json => {
  const value = parseJson(text)
  if (value !== undefined) return value
  // The value is not shown: it may be a key in the wrong variable.
  throw new Error(`${variable} is not JSON.`)
}
