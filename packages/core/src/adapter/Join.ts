/**
 * A second endpoint whose rows belong to the executions of a page: the names of their workflows,
 * their steps. It is requested for all executions of a page at once, never for each. Import it as a
 * namespace: `Join.make({ … })`. `Join.all({ … })` requests all rows of an endpoint before the list.
 */
import type * as Schema from "effect/Schema"
import type { JsonObject } from "../model/Json.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import type { Join, PageInfo, RequestSpec, Within } from "./Connection.js"
import { type FieldPath, pageReader, readItems } from "./PageFields.js"
import { readRoute } from "./Route.js"
import { type Decoded, decoder } from "./WireDecoder.js"

export type { Join, Within } from "./Connection.js"

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
  /** The number of their rows that were received before; 0 if pages have a token. */
  readonly offset: number
  /** The token that the page before returned as `next`; null for the first page. */
  readonly token: string | null
}

/** The names of the fields of a join's page. */
interface JoinFields {
  /** The list of rows. */
  readonly rows: FieldPath
  /**
   * The token of the next page; null, empty or absent at the end. Without it, pages are requested by
   * `offset`.
   */
  readonly next?: FieldPath
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
      /** The schema of a page, of which `rows` returns the rows. */
      readonly page: Schema.Codec<Page>
      readonly rows: (page: Page) => ReadonlyArray<unknown>
    }
  | {
      /** The names of the page's fields. */
      readonly page?: JoinFields
      readonly rows?: undefined
    }

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
    ...readersOf(declaration),
    row: (raw) => {
      const decoded = decodeRow(raw)
      if (!decoded.ok) return decoded
      const row = decoded.value
      return { ok: true, value: { id: id(row), key: key(row), row } }
    },
  }
}

/** Declares an endpoint whose ids each request of a list must name, for the list's `within`. */
export const all = <Page, Row>(
  declaration: {
    /** The endpoint: `GET /projects`. */
    readonly route: string
    /**
     * The most ids that one request of the list accepts. If there are more, the list is
     * Unsupported.
     */
    readonly most: number
    /** Whether a query needs them. Default: every query does. */
    readonly when?: (query: CheckedQuery) => boolean
    readonly row: Schema.Codec<Row>
    readonly id: (row: Row) => string
    /**
     * Parameters, in the URL of a GET or in the body of a POST. Without them, everything is on one
     * page.
     */
    readonly params?: (asked: Omit<Asked, "keys">) => JsonObject
  } & JoinPage<Page>,
): Within => {
  const { most, params, when = () => true } = declaration
  const join = make({ ...declaration, maxKeys: 0, isUnique: false, params: params ?? (() => ({})) })
  return { join: params === undefined ? { ...join, next: () => null } : join, most, when }
}

const requestOf = (text: string, { request, params }: JoinRequest): Join<never>["request"] => {
  const ask = request === undefined ? byParams(text, params) : request
  return (keys, offset, token = null) => ask({ keys, offset, token })
}

const byParams = (text: string, params: (asked: Asked) => JsonObject) => {
  const route = readRoute(text)
  return (asked: Asked) => route({}, params(asked))
}

const readersOf = <Page>(declared: JoinPage<Page>): Pick<Join<never>, "page" | "next"> => {
  if (declared.rows !== undefined) {
    const { rows } = declared
    const decode = decoder(declared.page)
    return { page: (body) => mapped(decode(body), rows) }
  }
  if (declared.page === undefined) return { page: readItems }
  const { rows, next } = declared.page
  const read = pageReader(next === undefined ? { items: rows } : { items: rows, next })
  return {
    page: (body) => mapped(read(body), ({ items }) => items),
    next: next === undefined ? null : (body) => nextOf(read(body)),
  }
}

const nextOf = (page: Decoded<PageInfo>): string | null => (page.ok ? page.value.next : null)

const mapped = <A, B>(decoded: Decoded<A>, f: (value: A) => B): Decoded<B> =>
  decoded.ok ? { ok: true, value: f(decoded.value) } : decoded
