import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const Manifest = Schema.fromJsonString(
  Schema.Struct({ name: Schema.String, keywords: Schema.Array(Schema.String) }),
)
const readManifest = Schema.decodeUnknownResult(Manifest)

/** The package of the working directory, where that is an adapter: its author tries it there. */
export const ownPackage = async (directory: string): Promise<string | null> => {
  const text = await readFile(join(directory, "package.json"), "utf8").catch(() => "")
  const read = readManifest(text)
  return Result.isSuccess(read) && read.success.keywords.includes("execlog-adapter")
    ? read.success.name
    : null
}
