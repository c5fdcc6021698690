import { readFileSync } from "node:fs"
import { PgClient } from "@effect/sql-pg"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { openSocket, refuseCleartext } from "./PostgresSocket.js"
import type { PostgresAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** How a database of Postgres is reached. */
export interface PostgresOptions {
  /** The password, where the address has none. */
  readonly password: string | undefined
  readonly busyTimeoutMs: number
}

/** Its tables stand in a schema of their own, apart from what else the database holds. */
export const postgresLayer = (
  address: PostgresAddress,
  { password, busyTimeoutMs }: PostgresOptions,
): Layer.Layer<SqlClient.SqlClient, SqlError | StoreError> =>
  Layer.unwrap(
    Effect.map(encryptionOf(address), (encryption) =>
      PgClient.layer({
        url: Redacted.make(encryption.url.href),
        ...encryption.options,
        ...(address.url.password === "" && password !== undefined
          ? { password: Redacted.make(password) }
          : {}),
        applicationName: "execlog",
        startupParameters: { search_path: "execlog", lock_timeout: String(busyTimeoutMs) },
        stream: () => {
          const mode = encryption.url.searchParams.get("sslmode")
          return refuseCleartext(openSocket(address), mode !== "disable")
        },
        maxConnections: 4,
        // What a provider gives of one execution may be large.
        maxMessageSize: 1024 * 1024 * 1024,
      }),
    ),
  )

/**
 * Off this machine a connection is encrypted and the server's certificate is checked, unless the address
 * says `sslmode`. `sslrootcert` names the file of an authority that Node does not know.
 */
const encryptionOf = (address: PostgresAddress) => {
  const url = new URL(address.url)
  const authority = url.searchParams.get("sslrootcert")
  if (!url.searchParams.has("sslmode")) {
    url.searchParams.set(
      "sslmode",
      isHere(address.host) && authority === null ? "disable" : "require",
    )
  }
  if (authority === null) return Effect.succeed({ url, options: {} })
  return Effect.map(
    Effect.try({
      try: () => readFileSync(authority, "utf8"),
      catch: () =>
        new StoreError({
          reason: "InvalidAddress",
          message: `The certificate that sslrootcert of the store ${address.shown} names cannot be read: ${authority}.`,
          hint: "name_certificates",
        }),
    }),
    (ca) => ({ url, options: { ssl: { ca } } }),
  )
}

const isHere = (host: string): boolean =>
  host === "" || /^(localhost|.*\.localhost|127(\.\d+){3}|::1|\/.*)$/i.test(host)
