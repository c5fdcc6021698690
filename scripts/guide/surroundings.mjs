// Loaded into every process of the guide: the time stands still, the providers' addresses lead to the
// simulator, and the transcript is a terminal of 120 columns.
import { fstatSync } from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import tty from "node:tty"
import { setClock } from "../clock/set-clock.mjs"

const { now, perRequestMs, addresses, transcript } = JSON.parse(process.env.EXECLOG_GUIDE ?? "")

let clock = now
setClock(() => clock)

const realFetch = globalThis.fetch
globalThis.fetch = (input, init) => {
  clock += perRequestMs
  const address = input instanceof Request ? input.url : String(input)
  const found = addresses.find(([from]) => address.startsWith(from))
  if (found === undefined) throw new TypeError(`The guide asks nobody at ${address}`)
  const [from, to] = found
  const there = to + address.slice(from.length)
  return realFetch(input instanceof Request ? new Request(there, input) : there, init)
}

if (fstatSync(1).ino === transcript) {
  const { isatty } = tty
  tty.isatty = (fd) => fd === 1 || fd === 2 || isatty(fd)
  syncBuiltinESMExports()
  Object.defineProperty(process.stdout, "columns", { value: 120 })
}
