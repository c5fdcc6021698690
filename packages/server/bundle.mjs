// Bundles what is built of `platform/` and `demo/`, so that who installs the server installs nothing more.
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

for (const name of ["platform/NodeHttpServer.js", "demo/Demo.js"]) {
  const file = fileURLToPath(new URL(`dist/${name}`, import.meta.url))
  await build({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22.20",
    external: ["effect/*", "@execlog/core", "@execlog/core/*"],
    // What is bundled of CommonJS requires Node's modules.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"\nconst require = requireFrom(import.meta.url)',
    },
    // It is no file of its own in a bundle, and of a program given by -e it is not even a path.
    define: { __filename: "undefined" },
    sourcemap: true,
    legalComments: "eof",
    logLevel: "warning",
  })
}
