/**
 * A second endpoint whose rows belong to the executions of a page: the names of their workflows,
 * their steps. It is asked for all executions of a page at once, never for each. Import it as a
 * namespace: `Join.make({ … })`.
 */
import type * as Schema from "effect/Schema"
import type { RequestSpec } from "./Connection.js"
import { type Decoded, decoder } from "./Decoded.js"

/** An endpoint that is asked by keys, as plain data and plain functions. */
export interface Join<Row> {
  /** For a person: `POST /task_runs/filter`. */
  readonly route: string
  /** The most keys that one request may name. */
  readonly maxKeys: number
  /** There is one row for a key at most, so that all keys found are the end. */
  readonly isUnique: boolean
  readonly request: (keys: ReadonlyArray<string>, offset: number) => RequestSpec
  readonly page: (body: unknown) => Decoded<ReadonlyArray<unknown>>
  readonly row: (raw: unknown) => Decoded<JoinedRow<Row>>
}

/** A row with what tells it from others, and what it belongs to. */
interface JoinedRow<Row> {
  readonly id: string
  readonly key: string
  readonly row: Row
}

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

/** The rows that were asked for: by the join's name, then by key. */
export interface Joined {
  readonly [name: string]: ReadonlyMap<string, ReadonlyArray<unknown>>
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
