import { StoreError, type StoreErrorFields } from "@execlog/store"
import { describe, expect, it } from "vitest"
import { reported } from "./Reported.js"

/** The printed text of a store error with this hint. */
const said = (hint: StoreErrorFields["hint"]) =>
  reported(new StoreError({ reason: "Failed", message: "The store x failed.", hint }), null)

describe("what the store says to do", () => {
  it.each([
    ["create_store", /^execlog sync creates it\. Name another with --store\./],
    ["fill_store", /^execlog sync fills it\./],
    ["use_other_store", /--store/],
    ["upgrade", /npm install execlog@latest/],
    ["open_to_write", /^Run execlog sync once/],
    ["restore_or_sync", /execlog sync --full/],
    ["retry", /run the same command again/],
    ["check_server", /^Check that the server is up\. .*run the same command again/],
    ["check_password", /PGPASSWORD.*EXECLOG_STORE/],
    ["rename_connection", /in the configuration/],
  ] as const)("words the store's hint %s by flags and commands", (code, text) => {
    expect(said(code)).toEqual(["The store x failed.", expect.stringMatching(text)])
  })

  it("prints a store's hint unchanged when no flag or command applies to it", () => {
    const hint = { code: "create_database", text: "Create it: createdb logs." } as const
    expect(said(hint)).toEqual(["The store x failed.", hint.text])
  })
})
