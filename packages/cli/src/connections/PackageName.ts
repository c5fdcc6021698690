import { isBuiltin } from "node:module"
import { UsageError } from "../session/UsageError.js"

// What npm takes, and what was published before it took less. No path, no address, no file in a package.
const packageName = /^(?:@[a-z\d~-][a-z\d._~-]*\/)?[a-z\d~-][a-z\d._~-]*$/i
const longest = 214

/** Refuses what is not the name of a package, from where code would be loaded that nobody installed. */
export const refuseOtherThanName = (name: string, place: string): void => {
  if (packageName.test(name) && name.length <= longest && !isBuiltin(name)) return
  throw new UsageError(
    `${place}: this is no name of a package.`,
    'Write the name under which the adapter is installed, such as "@acme/execlog"; a path or an address is none.',
  )
}
