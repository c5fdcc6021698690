import { Filter, type JsonObject } from "@execlog/core/adapter"

/** A condition of the `filters` parameter. Alloy combines conditions with `and` only. */
export const where = (column: string, operator: string, value: string): JsonObject => ({
  filters: [
    {
      columns: { value: column },
      operators: { value: operator },
      userinput: { value },
      condition: { value: "and" },
    },
  ],
})

/** A filter by the value of a column. */
export const equals = (column: string): Filter.Filter =>
  Filter.provider((value) => where(column, "equals", value))
