import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { UsageError } from "../shared/UsageError.js"

/** Throws a UsageError unless a folder is empty or not there. */
export const checkEmpty = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return []
    throw new UsageError(`${folder} cannot be written: ${cause.message}`)
  })
  if (names.length > 0) {
    throw new UsageError(
      `${folder} is not empty, and existing files are never overwritten. Choose another folder with --out.`,
    )
  }
}

/** Writes files into a folder, by their path in it. */
export const writeFiles = async (
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> => {
  for (const [path, content] of files) {
    const target = join(folder, path)
    await mkdir(dirname(target), { recursive: true })
    // A file that came to be there meanwhile is not overwritten either.
    await writeFile(target, content, { flag: "wx" })
  }
}
