/** The required Basic and Bearer credentials; null if none are required. */
export interface PrefectKeys {
  readonly authString: string | null
  readonly apiKey: string | null
}

/** Whether a request may be answered. Without keys all may. */
export const isAllowed = (
  { authString, apiKey }: PrefectKeys,
  authorization: string | undefined,
): boolean => {
  if (authString === null && apiKey === null) return true
  // The schemes are case-sensitive: "basic" is rejected.
  const basic = authString === null ? null : `Basic ${btoa(authString)}`
  const bearer = apiKey === null ? null : `Bearer ${apiKey}`
  return authorization !== undefined && (authorization === basic || authorization === bearer)
}

/** Why the API version of a request is rejected, or null. */
export const rejectedVersion = (
  version: string | ReadonlyArray<string> | undefined,
): string | null => {
  if (version === undefined) return null
  const parts = /^(\d+)\.(\d+)\.\d+$/.exec(String(version))
  if (parts === null)
    return `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${String(version)}`
  return Number(parts[1]) > 0 || Number(parts[2]) >= 8
    ? null
    : `The request specified API version ${String(version)} but this server requires version 0.8.0 or higher.`
}
