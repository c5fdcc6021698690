import type { AdapterDraft, Samples } from "../draft/AdapterDraft.js"
import { keyMeaning, keyVariable } from "./AdapterSource.js"

/** The README of the package, which says the next steps first. */
export const readmeFile = ({ choices, constant }: AdapterDraft, samples: Samples): string => {
  const { id, title, auth, baseUrl } = choices
  const variable = keyVariable(id)
  const settings = auth.by === "none" ? "{}" : `{ apiKey: process.env.${variable} }`
  const environment = auth.by === "none" ? "" : `${variable}=… `
  const fixtures =
    samples.list === null
      ? `1. Put answers of ${title} into \`fixtures/\`: no sample was given, so there is none yet.`
      : "1. Look over `fixtures/`: replace what tells of real people by made-up values, and name the document that the samples come from under `provenance`."
  const key = auth.by === "none" ? "" : `| \`apiKey\`  | required | ${keyMeaning(choices)} |\n`
  return `# execlog-adapter-${id}

Reads the executions of ${title} as execlog executions.

## Next steps

\`npm test\` builds the package and runs its tests. What fails is what is left to do; each failure says what to fill in.

${fixtures}
2. \`src/wire.ts\`: check the schemas against the documents of ${title}. What an execution cannot do without stands first in \`Wire.item\`, all else second.
3. \`src/index.ts\` and \`src/execution.ts\`: settle each \`todo(…)\`: put the real value in its place. \`test/Todo.test.ts\` lists them.
4. Record the fixtures that the contract suite asks for, after \`npm install --save-dev execlog\`, with \`npx execlog record --provider ${id} --out fixtures\`: a walk over several pages, one filtered list for each filter that ${title} answers, a \`get\`, an error.
5. Hold each \`test/__snapshots__/<case>.json\` against its fixture, then commit both.
6. \`${environment}npm run live\` asks the real server what the tests ask of the fixtures.
7. When nothing is left, delete \`src/todo.ts\` and \`test/Todo.test.ts\`, and write here what the adapter supports.

## Use

\`\`\`sh
npm install @execlog/core execlog-adapter-${id} effect
\`\`\`

\`\`\`ts
import { createClient } from "@execlog/core"
import { ${constant} } from "execlog-adapter-${id}"

const client = createClient(${constant}(${settings}), { name: "production" })
for await (const execution of client.executions({ status: ["failed"] }, { limit: 20 })) {
  console.log(execution.startedAt, execution.id)
}
\`\`\`

On the command line: \`${environment}npx execlog list --provider ${id}\`.

## Settings

| setting   | default  | meaning |
| --------- | -------- | ------- |
${key}| \`baseUrl\` | \`${baseUrl}\` | address of the API |
`
}
