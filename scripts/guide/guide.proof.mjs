import { expect, it } from "vitest"
import { comparable, composePage, pages, readPage } from "./page.mjs"

// Each runs some programs one after the other, and the pages at the same time.
const timeout = 300_000

it.concurrent.for(pages)(
  "prints what docs/guide/%s shows (pnpm guide)",
  { timeout },
  async (name) => {
    const text = readPage(name)
    const composed = await composePage(text, { isFirst: name === "index.md" })
    expect(comparable(composed)).toBe(comparable(text))
  },
)
