import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, afterEach } from "vitest"
import { runProgram } from "../src/RunProgram.js"
import { makeNotices } from "../src/session/Notices.js"
import { shellWord } from "../src/text/ShellWord.js"
import { type Collected, collected, noteKeys, watchForKeys, watchTexts } from "./KeyWatch.js"

/** The installed program. */
export const bin = fileURLToPath(new URL("../bin/execlog.js", import.meta.url))

/** The result of a call of the program. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The surroundings of a call. */
export interface Surroundings {
  readonly directory?: string
  readonly environment?: { readonly [name: string]: string }
  readonly bin?: string
  readonly nodeFlags?: ReadonlyArray<string>
}

/** Starts a process that runs the program, and watches for keys in what it writes. */
const spawned = (
  command: string,
  args: ReadonlyArray<string>,
  surroundings: Surroundings,
  stdin: "ignore" | "pipe" = "ignore",
): ChildProcess => {
  noteKeys([...args, ...Object.values(surroundings.environment ?? {})])
  const child = spawn(command, args, {
    cwd: surroundings.directory ?? emptyDirectory,
    env: environmentOf(surroundings),
    stdio: [stdin, "pipe", "pipe"],
  })
  watchForKeys(child)
  running.add(child)
  child.once("close", () => running.delete(child))
  return child
}

/** Ends programs that a failing test leaves running. */
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill("SIGKILL")
})

/** The environment of a program: only what it needs from that of the tests. */
const environmentOf = (surroundings: Surroundings): NodeJS.ProcessEnv => ({
  PATH: [commands, process.env["PATH"]].join(delimiter),
  HOME: process.env["HOME"],
  // The clock of the tests, their time zone, and the compile cache.
  NODE_OPTIONS: process.env["NODE_OPTIONS"],
  EXECLOG_TEST_CLOCK: process.env["EXECLOG_TEST_CLOCK"],
  TZ: process.env["TZ"],
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
  TERM: "xterm-256color",
  ...surroundings.environment,
})

/** Starts the program, and returns without waiting for its end. */
export const start = (args: ReadonlyArray<string>, surroundings: Surroundings = {}): ChildProcess =>
  spawned(
    process.execPath,
    [...(surroundings.nodeFlags ?? []), surroundings.bin ?? bin, ...args],
    surroundings,
  )

/** Waits for the end of a process. */
export const ended = async (child: ChildProcess): Promise<Outcome> => {
  const stdout = collected(child.stdout)
  const stderr = collected(child.stderr)
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
  return { code, stdout: stdout.text, stderr: stderr.text }
}

/** Resolves when the output of a process on a stream matches. */
export const shown = (
  child: ChildProcess,
  pattern: RegExp,
  on: "stdout" | "stderr" = "stdout",
): Promise<void> =>
  new Promise((resolve) => {
    const stream = child[on]
    const so = collected(stream)
    const look = () => {
      if (pattern.test(so.text)) resolve()
    }
    stream?.on("data", look)
    look()
  })

/**
 * Runs the program to its end: within this process, which spares starting one, but where the call needs
 * one of its own.
 */
export const execlog = (
  args: ReadonlyArray<string>,
  surroundings: Surroundings = {},
): Promise<Outcome> =>
  needsProcess(args, surroundings) ? ended(start(args, surroundings)) : called(args, surroundings)

/** Whether a call needs a process: for signals, another file, or variables that Node itself reads. */
const needsProcess = (
  [command]: ReadonlyArray<string>,
  { bin: other, nodeFlags, environment = {} }: Surroundings,
): boolean =>
  command === "follow" ||
  other !== undefined ||
  nodeFlags !== undefined ||
  Object.keys(environment).some((name) => /^(?:NODE_.*|TZ|.*_proxy)$/i.test(name))

/** The same program, given a session of its own. */
const called = async (
  args: ReadonlyArray<string>,
  surroundings: Surroundings,
): Promise<Outcome> => {
  const stdout: Collected = { text: "" }
  const stderr: Collected = { text: "" }
  noteKeys([...args, ...Object.values(surroundings.environment ?? {})])
  watchTexts(args.join(" "), [stdout, stderr])
  const written: Array<Uint8Array> = []
  const environment = environmentOf(surroundings)
  let code = 0
  await runProgram([process.execPath, bin, ...args], {
    directory: surroundings.directory ?? emptyDirectory,
    environment,
    script: bin,
    args,
    interruption: new AbortController().signal,
    termination: () => new AbortController().signal,
    output: {
      isTerminal: false,
      columns: null,
      hasColors: false,
      write: async (data) => {
        written.push(Buffer.from(data))
      },
    },
    notices: makeNotices(
      {
        on: () => {},
        write: (text) => {
          stderr.text += text
        },
      },
      { show: () => {}, clear: () => {}, stop: () => {} },
    ),
    end: (reached) => {
      code = reached
    },
  })
  stdout.text = Buffer.concat(written).toString("utf8")
  return { code, stdout: stdout.text, stderr: stderr.text }
}

/** Runs a line of bash, in which `execlog` is the program. */
export const shell = (line: string, surroundings: Surroundings = {}): Promise<Outcome> =>
  ended(
    spawned(
      "bash",
      ["-c", `execlog() { ${shellWord(process.execPath)} ${shellWord(bin)} "$@"; }\n${line}`],
      surroundings,
    ),
  )

/** Runs the program on a terminal with a number of columns; stdout is everything the terminal received. */
export const onTerminal = (
  args: ReadonlyArray<string>,
  columns: number,
  surroundings: Surroundings = {},
): Promise<Outcome> => ended(startOnTerminal(args, columns, surroundings))

/** Starts the program on a terminal; what is written to its stdin is typed there. */
export const startOnTerminal = (
  args: ReadonlyArray<string>,
  columns: number,
  surroundings: Surroundings = {},
): ChildProcess => {
  const command = [process.execPath, surroundings.bin ?? bin, ...args].map(shellWord).join(" ")
  return spawned(
    "sh",
    ["-c", 'exec script -qfec "$0" /dev/null', `stty cols ${columns} rows 24; ${command}`],
    surroundings,
    "pipe",
  )
}

/** The final content of a terminal, without cleared lines. */
export const leftOnTerminal = (sent: string): string =>
  sent
    .replaceAll("\r", "")
    .split("\n")
    .map((line) => line.split("\u001b[2K").at(-1) ?? "")
    .join("\n")

const directories: Array<string> = []

/** A new directory with files, removed when the tests end. */
export const directoryWith = (files: { readonly [name: string]: unknown }): string => {
  const directory = mkdtempSync(join(tmpdir(), "execlog-cli-"))
  directories.push(directory)
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === "string" ? content : JSON.stringify(content)
    noteKeys([text])
    writeFileSync(join(directory, name), text)
  }
  return directory
}

const emptyDirectory = directoryWith({})

/** A directory on PATH where the program is called execlog, as npm installs it. */
const commands = directoryWith({})
symlinkSync(bin, join(commands, "execlog"))

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

/** The executions of NDJSON. */
export const linesOf = (
  stdout: string,
): ReadonlyArray<{
  readonly provider: string
  readonly id: string
  readonly listedAt: string
  readonly timestamp: string
}> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
