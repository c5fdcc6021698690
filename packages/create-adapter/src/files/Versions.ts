import { readFileSync } from "node:fs"
import { isObject, type Json } from "../shared/Json.js"

/** The ranges of what a written package needs. */
export interface Versions {
  readonly core: string
  readonly contractTests: string
  readonly effect: string
  readonly nodeTypes: string
  readonly typescript: string
  readonly vitest: string
}

/**
 * The versions that this package was built and tested with: its own devDependencies, in which
 * packing has written out what the workspace says.
 */
export const versionsOf = (manifest: Json): Versions => {
  const dependencies = isObject(manifest) ? manifest["devDependencies"] : undefined
  const range = (name: string): string => {
    const version = isObject(dependencies) ? dependencies[name] : undefined
    if (typeof version !== "string") throw new Error(`package.json does not name ${name}`)
    return /^\d/.test(version) ? `^${version}` : version
  }
  return {
    core: range("@execlog/core"),
    contractTests: range("@execlog/contract-tests"),
    effect: range("effect"),
    nodeTypes: range("@types/node"),
    typescript: range("typescript"),
    vitest: range("vitest"),
  }
}

/** The manifest of this package. */
export const ownManifest = (): Json =>
  JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
