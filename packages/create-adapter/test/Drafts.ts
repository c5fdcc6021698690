import type { Choices } from "../src/choices/Choices.js"
import { type AdapterDraft, draftAdapter } from "../src/draft/AdapterDraft.js"
import { adapterSource } from "../src/files/AdapterSource.js"
import { executionFile } from "../src/files/ExecutionFile.js"
import { wireFile } from "../src/files/WireFile.js"
import { pagingStyle } from "../src/sample/PagingStyle.js"
import type { Json } from "../src/shared/Json.js"

const choices: Choices = {
  id: "acme",
  title: "Acme",
  baseUrl: "https://api.acme.example/v2",
  auth: { by: "bearer" },
  listMethod: "GET",
  listPath: "/runs",
  getPath: "/runs/{id}",
}

/** The draft of an adapter by a sample of its list. */
export const draftOf = (
  list: Json | null,
  { get = null, paging = "pageNumber", ...more }: DraftOptions = {},
): AdapterDraft =>
  draftAdapter({ ...choices, ...more }, { list, get, items: undefined }, pagingStyle(paging))

interface DraftOptions extends Partial<Pick<Choices, "auth" | "listMethod">> {
  readonly get?: Json | null
  readonly paging?: string
}

/** The files for a list of executions: the adapter with its mapping, and its schemas. */
export const writtenOf = (
  items: ReadonlyArray<Json>,
  options?: DraftOptions,
): { readonly adapter: string; readonly wire: string } => {
  const draft = draftOf({ data: items }, options)
  return { adapter: adapterSource(draft) + executionFile(draft), wire: wireFile(draft) }
}

/** The one line of a source that begins with a text. */
export const line = (source: string, begin: string): string | undefined =>
  source
    .split("\n")
    .map((each) => each.trim())
    .find((each) => each.startsWith(begin))
