import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

/**
 * Builds a program before it is tested, so that no test runs an older one.
 *
 * @param {import("vitest/node").TestProject} project
 */
export const setup = ({ config: { root } }) => {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json")
  const tsc = join(dirname(compiler), "bin/tsc")
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  })
}
