/**
 * A second endpoint whose rows belong to the executions of a page: the names of their workflows,
 * their steps. It is requested for all executions of a page at once, never for each. Import it as a
 * namespace: `Join.make({ … })`.
 */
import type * as Schema from "effect/Schema"
import type { Join, RequestSpec } from "./Connection.js"
import type { JsonObject } from "../model/Json.js"
import { readItems } from "./PageFields.js"
import { readRoute } from "./Route.js"
import { decoder } from "./WireDecoder.js"

export type { Join } from "./Connection.js"

/** The joins of an adapter, by name. */
export interface Joins {
  readonly [name: string]: Join<unknown>
}

/** The joined rows that a mapping receives, by key; undefined if they were not requested. */
export type Lookups<Declared extends Joins> = {
  readonly [Name in keyof Declared]: (
    key: string,
  ) => Declared[Name] extends Join<infer Row> ? ReadonlyArray<Row> | undefined : never
}

/** The rows that one request of a join requests. */
interface Asked {
  readonly keys: ReadonlyArray<string>
  /** The number of their rows that were received before. */
  readonly offset: number
}

/** How the rows of some keys are requested. */
type JoinRequest =
  | {
      /**
       * Parameters. The request follows from `route`: they go in the URL of a GET, or in the body
       * of a POST.
       */
      readonly params: (asked: Asked) => JsonObject
      readonly request?: undefined
    }
  | { readonly params?: undefined; readonly request: (asked: Asked) => RequestSpec }

/** How a response is read. Default: it is the list of rows itself. */
type JoinPage<Page> =
  | {
      readonly page: Schema.Codec<Page>
      readonly rows: (page: Page) => ReadonlyArray<unknown>
    }
  | { readonly page?: undefined; readonly rows?: undefined }

/** Declares a join of one endpoint. */
export const make = <Page, Row>(
  declaration: {
    /** The endpoint: `POST /flows/filter`. */
    readonly route: string
    /** The maximum number of keys in one request. */
    readonly maxKeys: number
    /** Whether a key has at most one row. Default: true if the key is the row's own id. */
    readonly isUnique?: boolean
    readonly row: Schema.Codec<Row>
    readonly id: (row: Row) => string
    /** The key that a row belongs to. Default: its own id. */
    readonly key?: (row: Row) => string
  } & JoinRequest &
    JoinPage<Page>,
): Join<Row> => {
  const { route, maxKeys, id, key = id } = declaration
  const decodeRow = decoder(declaration.row)
  return {
    route,
    maxKeys,
    isUnique: declaration.isUnique ?? key === id,
    request: requestOf(route, declaration),
    page: declaration.page === undefined ? readItems : rowsReader(declaration),
    row: (raw) => {
      const decoded = decodeRow(raw)
      if (!decoded.ok) return decoded
      const row = decoded.value
      return { ok: true, value: { id: id(row), key: key(row), row } }
    },
  }
}

const requestOf = (text: string, { request, params }: JoinRequest): Join<never>["request"] => {
  if (request !== undefined) return (keys, offset) => request({ keys, offset })
  const route = readRoute(text)
  return (keys, offset) => route({}, params({ keys, offset }))
}

const rowsReader = <Page>({
  page,
  rows,
}: Extract<JoinPage<Page>, { readonly page: object }>): Join<never>["page"] => {
  const decode = decoder(page)
  return (body) => {
    const decoded = decode(body)
    return decoded.ok ? { ok: true, value: rows(decoded.value) } : decoded
  }
}
