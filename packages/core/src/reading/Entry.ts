import type { Cursor } from "../model/LogPage.js"
import type { Execution } from "../model/Execution.js"
import type { WalkPage } from "./MapPage.js"

/** An execution with the place after it. */
export interface Entry {
  readonly execution: Execution
  /** The cursor that goes on after this execution. */
  readonly cursor: () => Cursor
}

/** The executions of a page, each with the cursor after it. */
export const entriesOf = ({ page, cursorAfter }: WalkPage): Array<Entry> =>
  page.executions.map((execution, index) => ({ execution, cursor: () => cursorAfter(index) }))
