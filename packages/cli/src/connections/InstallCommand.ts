import { existsSync } from "node:fs"
import { join } from "node:path"

const managers = [
  { lock: "pnpm-lock.yaml", command: "pnpm add" },
  { lock: "yarn.lock", command: "yarn add" },
  { lock: "bun.lock", command: "bun add" },
]

/** The command that installs a package, with the package manager that a directory is kept by. */
export const installCommand = (packageName: string, directory: string): string => {
  const manager = managers.find(({ lock }) => existsSync(join(directory, lock)))
  return `${manager?.command ?? "npm install"} ${packageName}`
}
