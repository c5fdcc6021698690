// Loaded into every process of the guide: the time stands still, the providers' addresses lead to the
// simulator, and the transcript is a terminal of 120 columns.
import { fstatSync } from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import tty from "node:tty"

const { now, perRequestMs, addresses, transcript } = JSON.parse(process.env.EXECLOG_GUIDE ?? "")

let clock = now
const RealDate = Date
RealDate.now = () => clock
globalThis.Date = new Proxy(RealDate, {
  apply: (target) => new target(clock).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [clock] : args, newTarget),
})

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
