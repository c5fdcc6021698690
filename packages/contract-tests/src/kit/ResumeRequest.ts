import type { Cursor } from "@execlog/core"
import type { Fixture } from "./Fixture.js"

/** What a process is told that goes on with a walk. */
export interface ResumeRequest {
  readonly fixture: Fixture
  /** The URL of a module whose default export is the adapter. */
  readonly adapter: string
  readonly settings: { readonly [name: string]: unknown }
  readonly cursor: Cursor
}
