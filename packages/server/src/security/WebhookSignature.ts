import { createHmac, timingSafeEqual } from "node:crypto"

/** The parts of a request that say who sent it. */
interface Sent {
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: Uint8Array
}

/**
 * Whether a request knows a secret: by `X-Hub-Signature-256`, the HMAC-SHA256 of its body as GitHub
 * and others send it, or, for platforms that sign nothing, by `Authorization: Bearer`.
 */
export const isSigned = (secret: string, { headers, body }: Sent): boolean => {
  const signature = headers["x-hub-signature-256"]
  if (signature !== undefined) {
    const expected = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`
    return isSame(expected, signature.toLowerCase())
  }
  const token = /^Bearer +(\S+)$/i.exec(headers["authorization"] ?? "")?.[1]
  return token !== undefined && isSame(secret, token)
}

/** Compares digests, so that the time says nothing of where two texts differ. */
const isSame = (expected: string, given: string): boolean =>
  timingSafeEqual(digestOf(expected), digestOf(given))

const digestOf = (text: string): Buffer => createHmac("sha256", "compare").update(text).digest()
