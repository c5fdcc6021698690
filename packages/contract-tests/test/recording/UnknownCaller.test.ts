import type { Connection } from "@execlog/core/adapter"
import { expect, it } from "vitest"
import { unknownIdLike, withWrongKey } from "../../src/recording/UnknownCaller.js"
import { sample } from "../SampleAdapter.js"

const key = "canary-caller-1"
const sound = sample({ apiKey: key })
const sending = (headers: { readonly [name: string]: string }): Connection => ({
  ...sound,
  auth: () => ({ headers }),
})

it.each([
  ["after a word", `Bearer ${key}`, "Bearer execlog-wrong-key"],
  ["alone", key, "execlog-wrong-key"],
  [
    "with a user's name, in base64",
    `Basic ${btoa(`ada:${key}`)}`,
    `Basic ${btoa("ada:execlog-wrong-key")}`,
  ],
  ["in a form of the provider's own", "digest-of-it", "execlog-wrong-key"],
])("replaces the key in a header by a wrong one when it stands %s", (_, sent, expected) => {
  expect(withWrongKey(sending({ "x-key": sent }))?.auth().headers).toEqual({ "x-key": expected })
})

it("returns no wrong key when the server takes none", () => {
  expect(withWrongKey({ ...sound, secrets: () => [] })).toBeNull()
})

it.each([
  ["86aacd66-e8fb-42b2-b8a1-f4158a59c3b0", "00000000-0000-4000-8000-000000000000"],
  ["1234", "999999999"],
  ["fr_00150", "fr_00000"],
  ["exec-01HZ8K", "exec-000000"],
  ["row-1", "row-999999999"],
  ["V1StGXR8_Z5jdHi6B-my", "00000000_00000000-00"],
])("makes up an unknown id shaped like %s", (id, expected) => {
  expect(unknownIdLike(sound, id)).toBe(expected)
})

it("makes up no id when the adapter rejects it before a request", () => {
  const { get } = sound
  const rejecting = { ...sound, get: get && { ...get, checkId: () => "it is no id" } }
  expect(unknownIdLike(rejecting, "row-1")).toBeNull()
})
