/**
 * A second endpoint whose rows belong to the executions of a page: the names of their workflows,
 * their steps. It is asked for all executions of a page at once, never for each. Import it as a
 * namespace: `Join.make({ … })`.
 */
import type * as Schema from "effect/Schema"
import type { Join, RequestSpec } from "./Connection.js"
import { decoder } from "./WireDecoder.js"

/** The joins of an adapter, by name. */
export interface Joins {
  readonly [name: string]: Join<unknown>
}

/** What a mapping sees of the joins: the rows of a key; undefined where they were not asked for. */
export type Lookups<Declared extends Joins> = {
  readonly [Name in keyof Declared]: (
    key: string,
  ) => Declared[Name] extends Join<infer Row> ? ReadonlyArray<Row> | undefined : never
}

/** A join of one endpoint. */
export const make = <Page, Row>(declaration: {
  readonly route: string
  readonly maxKeys: number
  readonly isUnique?: boolean
  /** Asks for the rows of some keys that come after so many rows that were received. */
  readonly request: (given: {
    readonly keys: ReadonlyArray<string>
    readonly offset: number
  }) => RequestSpec
  readonly page: Schema.Codec<Page>
  readonly rows: (page: Page) => ReadonlyArray<unknown>
  readonly row: Schema.Codec<Row>
  readonly id: (row: Row) => string
  readonly key: (row: Row) => string
}): Join<Row> => {
  const { route, maxKeys, isUnique, rows, id, key } = declaration
  const decodePage = decoder(declaration.page)
  const decodeRow = decoder(declaration.row)
  return {
    route,
    maxKeys,
    isUnique: isUnique ?? false,
    request: (keys, offset) => declaration.request({ keys, offset }),
    page: (body) => {
      const page = decodePage(body)
      return page.ok ? { ok: true, value: rows(page.value) } : page
    },
    row: (raw) => {
      const decoded = decodeRow(raw)
      if (!decoded.ok) return decoded
      const row = decoded.value
      return { ok: true, value: { id: id(row), key: key(row), row } }
    },
  }
}
