import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const Manifest = Schema.fromJsonString(
  Schema.Struct({
    name: Schema.optionalKey(Schema.String),
    keywords: Schema.optionalKey(Schema.Array(Schema.String)),
  }),
)
const readManifest = Schema.decodeUnknownResult(Manifest)

/** The package in whose folder, or below it, execlog is called. */
export interface OwnPackage {
  readonly name: string
  /** Whether it says that it is an adapter. */
  readonly isAdapter: boolean
}

/** Finds it; null where there is none. By its name Node finds it as it finds what is installed. */
export const ownPackage = async (directory: string): Promise<OwnPackage | null> => {
  const text = await readFile(join(directory, "package.json"), "utf8").catch(() => null)
  const above = dirname(directory)
  if (text === null) return above === directory ? null : await ownPackage(above)
  const read = readManifest(text)
  if (Result.isFailure(read) || read.success.name === undefined) return null
  const { name, keywords = [] } = read.success
  return { name, isAdapter: keywords.includes("execlog-adapter") }
}
