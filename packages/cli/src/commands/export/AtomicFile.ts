import { randomBytes } from "node:crypto"
import { renameSync, rmSync } from "node:fs"
import { type FileHandle, open, realpath, stat } from "node:fs/promises"
import { dirname, join } from "node:path"
import { undoAtExit } from "../../session/Interruption.js"
import { type Output, OutputFileError } from "../../session/Output.js"

/** A file that is written completely or not at all. An existing file stays until then. */
export interface AtomicFile {
  readonly output: Output
  /** Moves the file to its place, unless the signal is aborted. Returns whether it did. */
  readonly commit: (signal: AbortSignal) => Promise<boolean>
  /** Removes what was written. */
  readonly discard: () => Promise<void>
}

const fullBuffer = 1 << 16

// Executions may be confidential: only the owner can read a new file.
const ownMode = 0o600

/**
 * Opens a file. It is written under another name in the same folder, which only SIGKILL, a crash or a
 * power failure can leave behind. Rejects with an {@link OutputFileError}, as its methods do.
 */
export const openAtomicFile = async (path: string): Promise<AtomicFile> => {
  const failed = (cause: unknown): never => {
    throw OutputFileError.of(path, cause)
  }
  const { target, mode } = await targetOf(path)
  const temporary = join(dirname(target), `.execlog-${randomBytes(6).toString("hex")}.tmp`)
  const handle = await open(temporary, "wx", ownMode).catch(failed)
  const remove = () => rmSync(temporary, { force: true })
  const forget = undoAtExit(remove, ["SIGHUP", "SIGQUIT", "SIGTERM"])
  const pending = pendingWrites(handle)
  const discard = async () => {
    await handle.close().catch(() => {})
    remove()
    forget()
  }
  if (mode !== null) {
    await handle.chmod(mode).catch(async (cause: unknown) => {
      await discard()
      failed(cause)
    })
  }
  return {
    output: {
      isTerminal: false,
      columns: null,
      hasColors: false,
      write: (data) => pending.write(data).catch(failed),
    },
    commit: async (signal) => {
      await closed(handle, pending).catch(failed)
      if (signal.aborted) {
        await discard()
        return false
      }
      // Synchronous, so that no signal comes between the check and the move.
      moved(temporary, target, failed)
      forget()
      return true
    },
    discard,
  }
}

/** The target of a path, and the mode of an existing file. */
const targetOf = async (
  path: string,
): Promise<{ readonly target: string; readonly mode: number | null }> => {
  const there = await stat(path).catch(() => null)
  if (there === null) return { target: path, mode: null }
  if (!there.isFile()) {
    const what = there.isDirectory() ? "a folder" : "not a file but a device or a pipe"
    throw new OutputFileError(
      `${path} is ${what}.`,
      "Name a file with --output, or leave it out to write to stdout.",
    )
  }
  return { target: await realpath(path), mode: there.mode & 0o777 }
}

interface PendingWrites {
  readonly write: (data: string | Uint8Array) => Promise<void>
  readonly flush: () => Promise<void>
}

/** Collects short texts, because each write to a file is expensive. */
const pendingWrites = (handle: FileHandle): PendingWrites => {
  let text = ""
  const flush = async () => {
    const full = text
    text = ""
    if (full !== "") await handle.writeFile(full)
  }
  return {
    flush,
    write: async (data) => {
      if (typeof data === "string") {
        text += data
        if (text.length >= fullBuffer) await flush()
      } else {
        await flush()
        await handle.writeFile(data)
      }
    },
  }
}

const closed = async (handle: FileHandle, pending: PendingWrites): Promise<void> => {
  await pending.flush()
  await handle.sync()
  await handle.close()
}

const moved = (from: string, to: string, failed: (cause: unknown) => never): void => {
  try {
    renameSync(from, to)
  } catch (error) {
    failed(error)
  }
}
