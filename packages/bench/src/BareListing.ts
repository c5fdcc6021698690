/** Prints every row of Dify's log as a line of JSON, a page at a time: what a script for this alone would do. */
import { readBare } from "./BareLoop.ts"

await readBare(process.argv[2] ?? "", (rows) => {
  process.stdout.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return true
})
