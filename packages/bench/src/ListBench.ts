import { ok, strictEqual } from "node:assert/strict"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Benchmark } from "./Benchmark.ts"
import { atMost } from "./Figure.ts"
import { interleave } from "./Interleaving.ts"
import { samplesOf } from "./Samples.ts"
import { serverKey, startServer } from "./ServerProcess.ts"
import { summarize, summarizeRatio } from "./Summary.ts"

const executions = 100_000
const repetitions = 9

/** The command line printing a long list, against a loop that prints the rows as they are. */
export const listBench: Benchmark = {
  name: "list",
  title: "List as NDJSON",
  repeated: `${repetitions} pairs.`,
  method:
    "The total run time of `execlog list --limit all --format ndjson`, which prints 100,000 executions " +
    "from the page server of the stream's benchmark to /dev/null. The bare loop is a process too: it calls " +
    "fetch and JSON.parse and writes JSON.stringify of each row, a page at a time. Before the " +
    "measurement, the lines of both are counted. " +
    "Why the aim is missed, by a profile: an Execution has more fields than a row, so that " +
    "formatting times, JSON.stringify and writing take 31 % of the command's time; " +
    "JSON.parse takes 7 %, effect 9 % and garbage collection 7 %. Starting the command " +
    "loads some hundred modules, which the bare loop does not.",
  run: async () => {
    await using server = await startServer(new URL("./PageServer.ts", import.meta.url), [
      String(executions),
    ])
    const directory = await mkdtemp(join(tmpdir(), "execlog-bench-"))
    try {
      const listing = (...program: ReadonlyArray<string>) => ({ program, directory })
      const flags = `--provider dify --set baseUrl=${server.baseUrl} --limit all --format ndjson`
      const list = listing(
        fileURLToPath(new URL("./bin/execlog.js", import.meta.resolve("execlog/package.json"))),
        "list",
        ...flags.split(" "),
      )
      const bare = listing(
        fileURLToPath(new URL("./BareListing.ts", import.meta.url)),
        server.baseUrl,
      )
      strictEqual(await countLines(list), executions)
      // Where windows meet, it prints some rows twice.
      ok((await countLines(bare)) >= executions)
      const samples = await interleave(
        [
          { name: "list", run: () => print(list) },
          { name: "bare", run: () => print(bare) },
        ],
        repetitions,
      )
      const [own, other] = [samplesOf(samples, "list"), samplesOf(samples, "bare")]
      const summary = summarizeRatio(own, other)
      const milliseconds = (of: ReadonlyArray<number>) => `${summarize(of).median.toFixed(0)} ms`
      return [
        {
          name: "execlog list, of the bare loop",
          unit: "×",
          summary,
          aim: atMost(summary, 1.5, "×"),
          aside: `${milliseconds(own)} against ${milliseconds(other)}`,
        },
      ]
    } finally {
      await rm(directory, { recursive: true })
    }
  },
}

interface Listing {
  readonly program: ReadonlyArray<string>
  /** Where no configuration is found. */
  readonly directory: string
}

const start = ({ program, directory }: Listing, stdout: "pipe" | "ignore") =>
  spawn(process.execPath, program, {
    cwd: directory,
    env: { ...process.env, DIFY_API_KEY: serverKey },
    stdio: ["ignore", stdout, "inherit"],
  })

const print = async (listing: Listing): Promise<void> => {
  const [code] = await once(start(listing, "ignore"), "close")
  if (code !== 0) throw new Error(`${listing.program.join(" ")} ended with ${String(code)}.`)
}

const countLines = async (listing: Listing): Promise<number> => {
  let lines = 0
  const { stdout } = start(listing, "pipe")
  stdout?.setEncoding("utf8")
  for await (const text of stdout ?? []) lines += String(text).split("\n").length - 1
  return lines
}
