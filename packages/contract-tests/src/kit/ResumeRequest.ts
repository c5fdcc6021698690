import type { Cursor } from "@execlog/core"
import type { Fixture } from "./Fixture.js"

/** The request to a process that resumes a walk. */
export interface ResumeRequest {
  readonly fixture: Fixture
  /** The URL of a module with the adapter as its default export. */
  readonly adapter: string
  readonly settings: { readonly [name: string]: unknown }
  readonly cursor: Cursor
}
