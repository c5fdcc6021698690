import { Command, CommanderError } from "commander"
import { askOn, Unanswered } from "./choices/Questions.js"
import { create, type Creation, type Flags } from "./Creation.js"
import { ownManifest } from "./files/Versions.js"
import { pagingStyles } from "./sample/PagingStyle.js"
import { isObject } from "./shared/Json.js"
import { UsageError } from "./shared/UsageError.js"

/** The whole of one call: reads the arguments, asks for what is missing, and writes the package. */
export const main = async (argv: ReadonlyArray<string>): Promise<void> => {
  try {
    await makeProgram().parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usage
      return
    }
    const isUsage = error instanceof UsageError || error instanceof Unanswered
    process.exitCode = isUsage ? usage : fault
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`create-execlog-adapter: ${message}\n`)
    if (error instanceof UsageError) {
      process.stderr.write("  See create-execlog-adapter --help.\n")
    }
  }
}

const usage = 2
const fault = 1

const makeProgram = (): Command =>
  new Command("create-execlog-adapter")
    .description(
      "Generate the package of an execlog adapter. Prompts for missing values on a terminal.",
    )
    .argument("[name]", "the provider in lower case, such as my-provider")
    .option("--title <text>", "the provider's display name; default: derived from the name")
    .option("--base-url <url>", "base URL of the API, such as https://api.example.com/v1")
    .option("--auth <style>", "authentication: bearer, basic, header:NAME or none")
    .option(
      "--paging <style>",
      `pagination of the list: ${pagingStyles.map(({ name }) => name).join(", ")}; default: inferred from the sample`,
    )
    .option(
      "--method <method>",
      "HTTP method of the list: GET, or POST with a JSON body; default: GET",
    )
    .option("--path <path>", "path of the list, relative to the base URL, such as /executions")
    .option("--get-path <path>", "path of a single execution, such as /executions/{id}")
    .option(
      "--sample <file>",
      "JSON file with a list response, from which schemas and mapping are drafted",
    )
    .option(
      "--sample-get <file>",
      "JSON file with a response of the endpoint that returns one execution",
    )
    .option(
      "--items <path>",
      "path of the executions in the sample, such as data.items; default: the first list of objects",
    )
    .option("--out <folder>", "output folder; default: execlog-adapter-<name>")
    .version(version(), "--version", "print the version")
    .addHelpText("after", examples)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`create-execlog-adapter: ${text.replace(/^error: /, "")}`),
    })
    .showHelpAfterError("  See create-execlog-adapter --help.")
    .action(async (name: string | undefined, flags: Flags) => {
      const isTerminal = process.stdin.isTTY && process.stderr.isTTY
      using questions = isTerminal ? askOn(process.stdin, process.stderr) : null
      const creation = await create(name, flags, {
        directory: process.cwd(),
        questions,
        note: (text) => process.stderr.write(`${text}\n`),
      })
      process.stdout.write(report(creation))
    })

const report = ({ packageName, folder, files }: Creation): string => `
Created ${packageName} in ${folder}:
${files.map((file) => `  ${file}`).join("\n")}

Next steps:
  cd ${folder}
  npm install
  npm test

Failing tests show what is left to do. README.md describes the next steps.
`

const version = (): string => {
  const manifest = ownManifest()
  const found = isObject(manifest) ? manifest["version"] : undefined
  return typeof found === "string" ? found : "unknown"
}

const examples = `
Examples:
  npm create execlog-adapter my-provider
  npm create execlog-adapter my-provider -- --base-url https://api.example.com/v1 --auth bearer --sample list.json`
