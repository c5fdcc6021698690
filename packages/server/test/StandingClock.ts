import { beforeEach, vi } from "vitest"

/** The instant at which the clock of the tests stands: shortly after what the simulator makes. */
export const now = Date.parse("2026-11-21T09:00:00Z")

// Timers run: what waits, waits.
const standStill = () => void vi.useFakeTimers({ toFake: ["Date"], now })

standStill()
beforeEach(standStill)
