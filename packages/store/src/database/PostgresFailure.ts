import { makeRedactor } from "@execlog/core/unstable"
import { SqlError } from "effect/sql/SqlError"
import { CleartextPasswordError } from "./PostgresSocket.js"
import { causeOf, type Explained, firstLine, textOf } from "./SqlCause.js"
import type { PostgresAddress } from "./StoreAddress.js"

/** Explains an error of Postgres. The server's message is redacted: it may contain the password. */
export const postgresFailure = (error: unknown, { url, secrets }: PostgresAddress): Explained => {
  const { whole } = makeRedactor(secrets)
  const says = firstLine(whole(messageOf(error)))
  const cause = causeOf(error)
  const reason = error instanceof SqlError ? error.reason : null
  const code = textOf(cause, "code")
  if (cause instanceof CleartextPasswordError) {
    return [
      "AccessDenied",
      "requests a cleartext password over an unencrypted connection",
      "encrypt",
    ]
  }
  if (says === withoutTls) {
    return ["Unreachable", "cannot be reached: the server does not support TLS", "enable_tls"]
  }
  if (isOfCertificate(code)) {
    return [
      "Unreachable",
      `cannot be reached: its certificate is not trusted: ${says}`,
      "trust_certificate",
    ]
  }
  if (code?.startsWith("28") === true || reason?._tag === "AuthenticationError") {
    return ["AccessDenied", `rejects the user or the password: ${says}`, "check_password"]
  }
  if (code === "3D000") {
    return [
      "NotFound",
      "does not exist: the server has no such database",
      {
        code: "create_database",
        text: `Create it: createdb ${whole(decodeURIComponent(url.pathname.slice(1)))}.`,
      },
    ]
  }
  if (code === "42501" || reason?._tag === "AuthorizationError") {
    return ["AccessDenied", `lacks a permission: ${says}`, "grant_create"]
  }
  if (code === "53100") return ["Full", "cannot grow: the disk is full", "free_space"]
  if (code === "25006") return ["ReadOnly", "cannot be written: it is read-only", "use_primary"]
  if (reason?._tag === "LockTimeoutError" || reason?._tag === "DeadlockError") {
    return ["Locked", "is held by another program", "retry"]
  }
  if (
    reason?._tag === "ConnectionError" ||
    code?.startsWith("08") === true ||
    code?.startsWith("57P") === true
  ) {
    return ["Unreachable", `cannot be reached: ${says}`, "check_server"]
  }
  return ["Failed", `failed: ${says}`, "retry"]
}

/** The client's error reduced to a redacted message and its code: its fields repeat what the server sent. */
export const postgresCause = (error: unknown, { secrets }: PostgresAddress): Error => {
  const shown = new Error(makeRedactor(secrets).text(messageOf(error)))
  const code = textOf(causeOf(error), "code")
  return code === null ? shown : Object.assign(shown, { code })
}

const messageOf = (error: unknown): string => {
  const cause = causeOf(error)
  return cause instanceof Error ? cause.message : String(cause)
}

// The driver gives this failure no code.
const withoutTls = "The server does not support TLS"

// https://nodejs.org/api/tls.html#x509-certificate-error-codes
const isOfCertificate = (code: string | null): boolean =>
  code !== null && /CERT|^UNABLE_TO_VERIFY|^HOSTNAME_MISMATCH$|^INVALID_CA$/.test(code)
