import { ExecutionFromJson } from "@execlog/core"
import { expect, it } from "vitest"
import { executionColumns } from "../src/formats/ExecutionColumns.js"

/** How columns of a field begin, if not with its name. */
const prefixes: ReadonlyMap<string, string> = new Map([["usage", "total"]])

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

it.each(Object.keys(ExecutionFromJson.fields))("has a column for the field %s", (field) => {
  const prefix = prefixes.get(field) ?? snakeCase(field)
  const columns = executionColumns.filter(({ name }) => `${name}_`.startsWith(`${prefix}_`))
  expect(columns).not.toEqual([])
})
