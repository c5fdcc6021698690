import { describe, expect, it } from "vitest"
import { StoreError } from "../src/index.js"

describe("the hint of a StoreError", () => {
  it.each([
    ["create_store", /access "write"/],
    ["fill_store", /Sync a client/],
    ["open_to_write", /access "write"/],
    ["restore_or_sync", /full: true/],
    ["upgrade", /@execlog\/store/],
    ["check_password", /option password/],
    ["retry", /try again to continue/],
    ["rename_connection", /clients/],
  ] as const)("names the library's option when its code is %s, and no flag", (code, text) => {
    const { hint } = new StoreError({ reason: "Failed", message: "It failed.", hint: code })
    expect(hint).toEqual({ code, text: expect.stringMatching(text) })
    expect(hint.text).not.toMatch(/ --\w|execlog sync|command/)
  })

  it("keeps the words of whoever made the error", () => {
    const hint = { code: "create_database", text: "Create it: createdb logs." } as const
    const error = new StoreError({ reason: "NotFound", message: "It is not there.", hint })
    expect(error.hint).toEqual(hint)
  })
})
