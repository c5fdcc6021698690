/**
 * The result of calling an adapter: the connection to one account, app or server, to be given
 * to `createClient`. What core reads of it is at the entry point for adapters.
 */
export interface OpaqueConnection {
  readonly kind: "execlog/connection"
  /** The adapter's id. */
  readonly provider: string
  /** The provider's name for people. */
  readonly title: string
}
