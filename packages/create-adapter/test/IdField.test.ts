import { describe, expect, it } from "vitest"
import type { Json } from "../src/shared/Json.js"
import { line, writtenOf } from "./Drafts.js"
import { executionWith } from "./Samples.js"

it.each(["id", "_id", "ID", "execution_id", "ExecutionId", "uuid"])(
  "recognizes a field named %s as the id",
  (name) => {
    const { id: _, ...others } = { ...Object(executionWith({})), [name]: "x-1" }
    const { adapter } = writtenOf([name === "id" ? executionWith({}) : others])
    expect(line(adapter, "itemId:")).toBe(`itemId: (item) => item.${name},`)
  },
)

it("takes no field as the id that an item may lack", () => {
  const { adapter } = writtenOf([
    { id: null, uuid: "a" },
    { id: "1", uuid: "b" },
  ])
  expect(line(adapter, "itemId:")).toBe("itemId: (item) => item.uuid,")
})

describe("an id under another name", () => {
  const idOf = (...items: ReadonlyArray<Json>) => {
    const { adapter } = writtenOf(items)
    return [line(adapter, "itemId:"), adapter.includes('todo(\n  "id"')]
  }

  it.each(["jobRef", "run_key", "TaskUUID", "log-ref"])(
    "recognizes an id by the ending of %s",
    (name) => {
      const items = ["a", "b"].map((id) => ({ status: "done", workflow: { ref: id }, [name]: id }))
      const access = name.includes("-") ? `["${name}"]` : `.${name}`
      expect(idOf(...items)).toEqual([`itemId: (item) => item${access},`, false])
    },
  )

  it.each<[string, ReadonlyArray<Json>]>([
    ["only one item shows it", [{ jobRef: "a" }]],
    ["it may identify something else", [{ traceRef: "a" }, { traceRef: "b" }]],
    [
      "there are other candidates",
      [
        { jobRef: "a", traceId: "c" },
        { jobRef: "b", traceId: "d" },
      ],
    ],
  ])("takes an id but asks to check it when %s", (_, items) => {
    const [name] = Object.keys(Object(items[0]))
    expect(idOf(...items)).toEqual([`itemId: (item) => item.${name},`, true])
  })

  it("prefers the id of executions, and names the other candidates", () => {
    const { adapter } = writtenOf([{ traceId: "c", jobRef: "a" }])
    expect(line(adapter, "itemId:")).toBe("itemId: (item) => item.jobRef,")
    expect(adapter).toContain("Other candidates: traceId.")
  })

  it.each<[string, ReadonlyArray<Json>]>([
    ["two items share", [{ jobRef: "a" }, { jobRef: "a" }]],
    ["is missing in an item", [{ jobRef: "a" }, { status: "done" }]],
    ["is null in an item", [{ jobRef: "a" }, { jobRef: null }]],
    ["is not text", [{ jobRef: { a: 1 } }, { jobRef: { a: 2 } }]],
    ["belongs to the workflow", [{ pipelineRef: "a" }, { pipelineRef: "b" }]],
    ["belongs to a nested object", [{ by: { ref: "a" } }, { by: { ref: "b" } }]],
    ["refers to another execution", [{ parentId: "a" }, { parentId: "b" }]],
  ])("takes no field as the id that %s", (_, items) => {
    expect(idOf(...items)).toEqual(["itemId: (item) => item.id,", true])
  })

  it("uses the same id in get as in the list", () => {
    const list = ["a", "b"].map((jobRef) => ({ taskKey: "t", jobRef, created: 1763600000 }))
    const get = { taskKey: "t", jobRef: "a", created: 1763600000 }
    const { adapter } = writtenOf(list, { get })
    expect(adapter).toContain("id: item.jobRef,")
    expect(adapter).not.toContain("Detail")
  })
})
