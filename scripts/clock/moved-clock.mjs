// Preloaded into Node by a proof: the machine's clock, moved by so many milliseconds.
import { setClock } from "./set-clock.mjs"

const byMs = Number(new URL(import.meta.url).searchParams.get("by"))
const { now } = Date
setClock(() => now() + byMs)
