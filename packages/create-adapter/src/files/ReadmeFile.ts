import type { AdapterDraft, Samples } from "../draft/AdapterDraft.js"
import { keyMeaning, keyVariable } from "./AdapterSource.js"

/** The README of the package, which begins with the next steps. */
export const readmeFile = ({ choices, constant }: AdapterDraft, samples: Samples): string => {
  const { id, title, auth, baseUrl } = choices
  const variable = keyVariable(id)
  const settings = auth.by === "none" ? "{}" : `{ apiKey: process.env.${variable} }`
  const environment = auth.by === "none" ? "" : `${variable}=… `
  const fixtures =
    samples.list === null
      ? `1. Put responses of ${title} into \`fixtures/\`: no sample was given, so there is none yet.`
      : "1. Review `fixtures/`: replace personal data by made-up values, and name the document that the samples come from under `provenance`."
  const key = auth.by === "none" ? "" : `| \`apiKey\`  | required | ${keyMeaning(choices)} |\n`
  return `# execlog-adapter-${id}

Reads the executions of ${title} as execlog executions.

## Next steps

\`npm test\` builds the package and runs its tests. Failing tests show what is left to do; each failure says what to fill in.

${fixtures}
2. \`src/wire.ts\`: check the schemas against the documentation of ${title}. Required fields are the first argument of \`Wire.item\`, all others the second.
3. \`src/index.ts\` and \`src/execution.ts\`: replace each \`todo(…)\` by the real value. \`test/Todo.test.ts\` lists them.
4. Record the fixtures that the contract suite requires: run \`npm install --save-dev execlog\`, then \`npx execlog record --provider ${id} --out fixtures\`: a walk over several pages, one filtered list for each filter that ${title} supports, a \`get\`, an error.
5. Compare each \`test/__snapshots__/<case>.json\` with its fixture, then commit both.
6. Run \`${environment}npm run live\` to run the same tests against the real server.
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
