import { readFileSync } from "node:fs"
import { PgClient } from "@effect/sql-pg"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { openSocket, rejectCleartext } from "./PostgresSocket.js"
import type { PostgresAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** How to connect to a Postgres database. */
export interface PostgresOptions {
  /** The password, if the address has none. */
  readonly password: string | undefined
  readonly busyTimeoutMs: number
}

/** A client for Postgres. Its tables are in a schema of their own. */
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
          return rejectCleartext(openSocket(address), mode !== "disable")
        },
        maxConnections: 4,
        // One execution may be large.
        maxMessageSize: 1024 * 1024 * 1024,
      }),
    ),
  )

/**
 * Encrypts connections to other machines and checks the server's certificate, unless the address says
 * `sslmode`. `sslrootcert` names the certificate file of an authority that Node does not know.
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
          message: `The certificate file of the store ${address.shown} (sslrootcert) cannot be read: ${authority}.`,
          hint: "name_certificate_file",
        }),
    }),
    (ca) => ({ url, options: { ssl: { ca } } }),
  )
}

const isHere = (host: string): boolean =>
  host === "" || /^(localhost|.*\.localhost|127(\.\d+){3}|::1|\/.*)$/i.test(host)
