// A page of the guide: its commands are run, and what they print is written below them.
import { readFileSync, readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { startWorld } from "./world.mjs"

const folder = new URL("../../docs/guide/", import.meta.url)

/** The pages, by name. */
export const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .toSorted()

/** The path of a page. */
export const pathOf = (name) => fileURLToPath(new URL(name, folder))

/** The text of a page as it stands. */
export const readPage = (name) => readFileSync(pathOf(name), "utf8")

/** The configuration that the first page shows, and all others use. */
const sharedConfiguration = () =>
  /^```json execlog\.json\n(.*?)^```$/ms.exec(readPage("index.md"))?.[1] ?? ""

// A note to these scripts; a fenced block, its language and the words after it; what is between.
const part =
  /<!-- guide: (?<note>[^>]+) -->|^```(?<language>\w*) ?(?<words>.*)\n(?<body>[^]*?)^```$/gm

const runnable = new Set(["sh", "ts"])

/** The page with what its commands print now. */
export const composePage = async (text, { isFirst }) => {
  const world = await startWorld()
  try {
    if (!isFirst) await world.writeFile("execlog.json", sharedConfiguration())
    let composed = ""
    let end = 0
    let exitCode = 0
    let output = null
    for (const match of text.matchAll(part)) {
      const { note, language, words, body } = match.groups
      const between = text.slice(end, match.index)
      composed += between
      end = match.index + match[0].length
      const isBelow = between.trim() === ""
      if (note !== undefined) {
        if (/^ends with \d+$/.test(note)) exitCode = Number(note.split(" ").at(-1))
        else world.happen(note)
      }
      if (language === "json" && words !== "") await world.writeFile(words, body)
      if (runnable.has(language) && isRunAt(text, end)) {
        output = await outputOf(world, language, body, exitCode)
        exitCode = 0
      }
      if (language === "text" && output !== null && isBelow) {
        composed += block(output)
        output = null
      } else composed += match[0]
    }
    return composed + text.slice(end)
  } finally {
    await world.stop()
  }
}

/** Commands that are shown with their output are run; others are not. */
const isRunAt = (text, end) => text.slice(end).trimStart().startsWith("```text\n")

const outputOf = async (world, language, body, exitCode) => {
  if (language === "sh") return world.run(body, exitCode)
  await world.writeFile("example.ts", body)
  return world.run("node example.ts", exitCode)
}

const block = (output) => {
  const lines = output.replaceAll(/--cursor \S+/g, "--cursor …").trimEnd()
  return `\`\`\`text\n${lines}\n\`\`\``
}

/** The output without durations and versions, which may differ each time. */
export const comparable = (text) =>
  text
    .replaceAll(/\bin (?:\d+(?:\.\d+)?m?s|\d+m\d\ds)(?=;|$)/gm, "in …")
    .replaceAll(/(@execlog\/\w+) \d+\.\d+\.\d+\S*,/g, "$1 …,")
