import { serverKey } from "./ServerProcess.ts"

interface Page {
  readonly has_more: boolean
  readonly data: ReadonlyArray<{ readonly created_at: number }>
}

/**
 * The least that reads Dify's log: fetch, parse, and ask for what is listed before the last row.
 * Reads on while the page's taker wants more.
 */
export const readBare = async (
  baseUrl: string,
  take: (rows: Page["data"]) => boolean = () => true,
): Promise<void> => {
  let bound: string | null = null
  for (;;) {
    const window: string = bound === null ? "" : `created_at__before=${encodeURIComponent(bound)}&`
    const response = await fetch(`${baseUrl}/workflows/logs?${window}page=1&limit=100`, {
      headers: { authorization: `Bearer ${serverKey}` },
    })
    const page: Page = JSON.parse(await response.text())
    const last = page.data.at(-1)
    if (!take(page.data) || !page.has_more || last === undefined) return
    bound = `${new Date(last.created_at * 1000).toISOString().slice(0, 19)}.999999Z`
  }
}
