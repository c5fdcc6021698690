// The clock of tests and of every program that they start. It begins shortly after what the simulator
// makes, whatever the machine's calendar says, and runs. A setup file of vitest, which loads itself into
// each Node that is started with the environment of the tests.
import { hrtime } from "node:process"
import { setClock } from "./set-clock.mjs"

const begin = Date.parse("2026-11-21T09:00:00Z")

// The same in all processes, and untouched by who sets the machine's clock.
const monotonicMs = () => Math.floor(Number(hrtime.bigint()) / 1e6)

const since = Number((process.env.EXECLOG_TEST_CLOCK ??= String(monotonicMs())))
setClock(() => begin + monotonicMs() - since)

const preload = `--import=${import.meta.url}`
const options = process.env.NODE_OPTIONS ?? ""
if (!options.includes(preload)) process.env.NODE_OPTIONS = `${options} ${preload}`.trim()
