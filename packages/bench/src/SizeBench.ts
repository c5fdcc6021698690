import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import type { Benchmark } from "./Benchmark.ts"
import { atMost, type Figure } from "./Figure.ts"
import { summarize } from "./Summary.ts"

const packageFolder = fileURLToPath(new URL("..", import.meta.url))
const program = 'export { createClient } from "@execlog/core"; export { dify } from "@execlog/dify"'

/** The size of a bundle with core, one adapter and what they use of effect. */
export const sizeBench: Benchmark = {
  name: "size",
  title: "Size",
  repeated: null,
  method:
    "createClient and the Dify adapter, with everything that they use of core and effect, " +
    "bundled and minified by esbuild as an ES module and compressed by gzip at level 9. KB " +
    "are 1000 bytes. The figure is deterministic. " +
    "The aim is missed because of effect's runtime (fibers, streams, schema), which is " +
    "almost half of the bundle.",
  run: async () => {
    const browser = await bundle("browser")
    const neutral = await bundle("neutral")
    const nodeImports = [...browser.nodeImports, ...neutral.nodeImports]
    const imported = summarize([nodeImports.length])
    return [
      sizeOf("Core and Dify, platform browser", browser),
      sizeOf("Core and Dify, platform neutral", neutral),
      {
        name: "Imports of node: in either bundle",
        unit: "",
        summary: imported,
        aim: { text: "none", isMet: imported.median === 0 },
        aside: nodeImports.join(", "),
      },
    ]
  },
}

interface Bundle {
  readonly minified: number
  readonly zipped: number
  /** How much of the minified bytes is effect's. */
  readonly effect: number
  readonly nodeImports: ReadonlyArray<string>
}

const bundle = async (platform: "browser" | "neutral"): Promise<Bundle> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: program, resolveDir: packageFolder },
    bundle: true,
    minify: true,
    format: "esm",
    platform,
    // Neutral knows no fields and conditions of its own; these are those of any bundler.
    ...(platform === "neutral" ? { conditions: ["import"], mainFields: ["module", "main"] } : {}),
    external: ["node:*"],
    write: false,
    metafile: true,
    logLevel: "error",
  })
  const [file] = outputFiles
  const [output] = Object.values(metafile.outputs)
  if (file === undefined || output === undefined) throw new Error("esbuild wrote no bundle.")
  const effect = Object.entries(output.inputs)
    .filter(([path]) => path.includes("node_modules/effect/"))
    .reduce((bytes, [, { bytesInOutput }]) => bytes + bytesInOutput, 0)
  return {
    minified: file.contents.length,
    zipped: gzipSync(file.contents, { level: 9 }).length,
    effect,
    nodeImports: output.imports.map(({ path }) => path).filter((path) => path.startsWith("node:")),
  }
}

const sizeOf = (name: string, { minified, zipped, effect }: Bundle): Figure => {
  const summary = summarize([zipped / 1000])
  const share = ((effect / minified) * 100).toFixed(0)
  return {
    name,
    unit: "KB",
    summary,
    aim: atMost(summary, 60, "KB"),
    aside: `${(minified / 1000).toFixed(1)} KB before gzip, ${share} % of it effect`,
  }
}
