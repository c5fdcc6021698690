/**
 * The form in which Node and Bun print an error: its stack, then its fields that are not null, then its
 * cause. Effect would print its errors as plain objects, without name or stack.
 */
export const inspectedError = (error: Error, fields: object): Error => {
  // A class of the same name: Node prints "Error [AdapterError]" if the two differ.
  const Inspected = class extends Error {}
  Object.defineProperty(Inspected, "name", { value: error.name })
  const shown = new Inspected(
    error.message,
    error.cause === undefined ? {} : { cause: error.cause },
  )
  for (const name of ["name", "stack"] as const) {
    Object.defineProperty(shown, name, { value: error[name], configurable: true })
  }
  const own = Object.entries(fields).filter(([name, value]) => value !== null && !shownBy.has(name))
  return Object.assign(shown, Object.fromEntries(own))
}

/** Fields that the stack begins with, or that are printed after the others. */
const shownBy: ReadonlySet<string> = new Set(["_tag", "name", "message", "stack", "cause"])
