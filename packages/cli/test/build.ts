import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Builds the program before its tests, so that no test runs an old version. */
export const setup = (): void => {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json")
  execFileSync(
    process.execPath,
    [join(dirname(compiler), "bin/tsc"), "-p", "tsconfig.build.json"],
    {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      stdio: "inherit",
    },
  )
}
