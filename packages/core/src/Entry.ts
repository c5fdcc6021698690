import type { Cursor } from "./LogPage.js"
import type { Execution } from "./Execution.js"
import type { WalkPage } from "./PageMapping.js"

/** An execution with the place after it. */
export interface Entry {
  readonly execution: Execution
  /** The cursor that goes on after this execution. */
  readonly cursor: () => Cursor
}

/** The executions of a page, each with the cursor after it. */
export const entriesOf = ({ page, cursorAfter }: WalkPage): Array<Entry> =>
  page.executions.map((execution, index) => ({ execution, cursor: () => cursorAfter(index) }))
