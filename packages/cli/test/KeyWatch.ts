import type { ChildProcess } from "node:child_process"
import type { Readable } from "node:stream"
import { afterEach, expect } from "vitest"

// Each key in these tests contains the word canary, or comes from the simulator.
const keyWithin = /[^\s"'=:,{}[\]]*(?:canary|simulator-key)[^\s"',{}[\]]*/g
const keys = new Set<string>()

/** Remembers the keys in what the program is given: flags, variables and files. */
export const noteKeys = (texts: ReadonlyArray<string>): void => {
  for (const text of texts) for (const [key] of text.matchAll(keyWithin)) keys.add(key)
}

/** The output of a process on a stream so far. */
export interface Collected {
  text: string
}

const texts = new WeakMap<Readable, Collected>()
const watched: Array<{ readonly call: string; readonly said: ReadonlyArray<Collected> }> = []

/** Everything that a stream has produced and will produce. */
export const collected = (stream: Readable | null): Collected => {
  const known = stream === null ? undefined : texts.get(stream)
  if (known !== undefined) return known
  const so: Collected = { text: "" }
  if (stream === null) return so
  texts.set(stream, so)
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    so.text += chunk
  })
  return so
}

/** Fails the test in which a process writes a key to stdout or stderr. */
export const watchForKeys = (child: ChildProcess): void => {
  const call = child.spawnargs.slice(1).join(" ")
  watchTexts(call, [collected(child.stdout), collected(child.stderr)])
}

/** Fails the test in which a call of the program writes a key. */
export const watchTexts = (call: string, said: ReadonlyArray<Collected>): void => {
  watched.push({ call, said })
}

afterEach(() => {
  const shown = watched
    .splice(0)
    .filter(({ said }) => said.some(({ text }) => showsKey(text)))
    .map(({ call }) => call.replaceAll(keyWithin, "KEY"))
  expect(shown, "a key stands in what these calls wrote").toEqual([])
})

const showsKey = (text: string): boolean =>
  [...keys, "canary", "simulator-key"].some((key) =>
    formsOf(key).some((form) => text.includes(form)),
  )

/** A key in plain text, in a URL, in base64 and in JSON, also inside a base64 text. */
const formsOf = (key: string): ReadonlyArray<string> => [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  ...[0, 1, 2].map((offset) => base64Within(key, offset)),
]

const base64Within = (text: string, offset: number): string => {
  const encoded = btoa("\0".repeat(offset) + text).replace(/=+$/, "")
  const end = (offset + text.length) % 3 === 0 ? encoded.length : -1
  return encoded.slice(Math.ceil((offset * 4) / 3), end)
}
