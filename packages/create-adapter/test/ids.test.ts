import { describe, expect, it } from "vitest"
import type { Json } from "../src/Json.js"
import { line, writtenOf } from "./Drafts.js"
import { executionWith } from "./Samples.js"

it.each(["id", "_id", "ID", "execution_id", "ExecutionId", "uuid"])(
  "knows an id called %s",
  (name) => {
    const { id: _, ...others } = { ...Object(executionWith({})), [name]: "x-1" }
    const { adapter } = writtenOf([name === "id" ? executionWith({}) : others])
    expect(line(adapter, "itemId:")).toBe(`itemId: (item) => item.${name},`)
  },
)

it("takes nothing for an id that an execution may lack", () => {
  const { adapter } = writtenOf([
    { id: null, uuid: "a" },
    { id: "1", uuid: "b" },
  ])
  expect(line(adapter, "itemId:")).toBe("itemId: (item) => item.uuid,")
})

describe("an id that is not called one outright", () => {
  const idOf = (...items: ReadonlyArray<Json>) => {
    const { adapter } = writtenOf(items)
    return [line(adapter, "itemId:"), adapter.includes('todo(\n  "id"')]
  }

  it.each(["jobRef", "run_key", "TaskUUID", "log-ref"])("is known by the end of %s", (name) => {
    const items = ["a", "b"].map((id) => ({ status: "done", workflow: { ref: id }, [name]: id }))
    const access = name.includes("-") ? `["${name}"]` : `.${name}`
    expect(idOf(...items)).toEqual([`itemId: (item) => item${access},`, false])
  })

  it.each<[string, ReadonlyArray<Json>]>([
    ["only one item shows it", [{ jobRef: "a" }]],
    ["it may be of something else", [{ traceRef: "a" }, { traceRef: "b" }]],
    [
      "there are others",
      [
        { jobRef: "a", traceId: "c" },
        { jobRef: "b", traceId: "d" },
      ],
    ],
  ])("is taken, and to be checked, where %s", (_, items) => {
    const [name] = Object.keys(Object(items[0]))
    expect(idOf(...items)).toEqual([`itemId: (item) => item.${name},`, true])
  })

  it("is the one of executions rather than another, and the others are named", () => {
    const { adapter } = writtenOf([{ traceId: "c", jobRef: "a" }])
    expect(line(adapter, "itemId:")).toBe("itemId: (item) => item.jobRef,")
    expect(adapter).toContain("So may be traceId.")
  })

  it.each<[string, ReadonlyArray<Json>]>([
    ["two items share", [{ jobRef: "a" }, { jobRef: "a" }]],
    ["an item lacks", [{ jobRef: "a" }, { status: "done" }]],
    ["is null in an item", [{ jobRef: "a" }, { jobRef: null }]],
    ["is no text", [{ jobRef: { a: 1 } }, { jobRef: { a: 2 } }]],
    ["is the workflow's", [{ pipelineRef: "a" }, { pipelineRef: "b" }]],
    ["stands for something inside", [{ by: { ref: "a" } }, { by: { ref: "b" } }]],
    ["stands for another execution", [{ parentId: "a" }, { parentId: "b" }]],
  ])("is not what %s", (_, items) => {
    expect(idOf(...items)).toEqual(["itemId: (item) => item.id,", true])
  })

  it("is the same in get as in the list", () => {
    const list = ["a", "b"].map((jobRef) => ({ taskKey: "t", jobRef, created: 1763600000 }))
    const get = { taskKey: "t", jobRef: "a", created: 1763600000 }
    const { adapter } = writtenOf(list, { get })
    expect(adapter).toContain("id: item.jobRef,")
    expect(adapter).not.toContain("detail")
  })
})
