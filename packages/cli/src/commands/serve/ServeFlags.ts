import type { ConnectionFlags } from "../../flags/ConnectionFlags.js"
import { readSpan } from "../../flags/SpanFlag.js"
import type { StoreFlags } from "../../flags/StoreFlags.js"
import { UsageError } from "../../session/UsageError.js"

/** The flags of `serve`. */
export interface ServeFlags extends ConnectionFlags, StoreFlags {
  readonly host?: string
  readonly port?: string
  readonly interval?: string
  readonly sync: boolean
  readonly auth: boolean
  readonly demo?: boolean
  readonly show?: string
}

/** A part of executions that is shown only if it is allowed. */
type PrivatePart = "inputs" | "outputs" | "raw"

const privateParts: ReadonlyArray<PrivatePart> = ["inputs", "outputs", "raw"]

/** The flags, read; undefined for those that are not given. */
export interface ServeRequest {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly intervalMs: number | undefined
  readonly show: ReadonlyArray<PrivatePart> | undefined
}

const largestPort = 65_535

/** Reads the flags. A flag that is not valid is a UsageError that names it. */
export const readServeFlags = ({ host, port, interval, show }: ServeFlags): ServeRequest => {
  if (host === "") throw new UsageError("--host is empty.", "Name an address, such as 127.0.0.1.")
  return {
    host,
    port: port === undefined ? undefined : readPort(port),
    intervalMs: readSpan("--interval", interval, {
      example: "30s",
      shortest: 1000,
      waits: "a pause between two syncs",
    }),
    show: show === undefined ? undefined : readShow(show),
  }
}

const readPort = (written: string): number => {
  const port = /^\d{1,5}$/.test(written) ? Number(written) : Number.NaN
  if (port <= largestPort) return port
  throw new UsageError(
    `--port: "${written}" is not a port.`,
    `Give a number from 0 to ${largestPort}; 0 for any that is free.`,
  )
}

const readShow = (written: string): ReadonlyArray<PrivatePart> =>
  written.split(",").map((word) => {
    const part = privateParts.find((one) => one === word.trim())
    if (part !== undefined) return part
    throw new UsageError(
      `--show: "${word}" is not a part that can be shown.`,
      `The parts are ${privateParts.join(", ")}.`,
    )
  })
