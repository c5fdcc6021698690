import { Command, CommanderError } from "commander"
import { create, type Creation, type Flags } from "./Creation.js"
import { isObject } from "./shared/Json.js"
import { pagingStyles } from "./sample/PagingStyle.js"
import { askOn, Unanswered } from "./choices/Questions.js"
import { UsageError } from "./shared/UsageError.js"
import { ownManifest } from "./files/Versions.js"

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
      process.stderr.write("  create-execlog-adapter --help lists what there is.\n")
    }
  }
}

const usage = 2
const fault = 1

const makeProgram = (): Command =>
  new Command("create-execlog-adapter")
    .description(
      "Start the package of an execlog adapter. What is not given is asked for on a terminal.",
    )
    .argument("[name]", "the provider, in lower case, such as my-provider")
    .option("--title <text>", "the provider's name for people")
    .option("--base-url <url>", "address of the API, such as https://api.example.com/v1")
    .option("--auth <style>", "how a request proves who asks: bearer, basic, header:NAME or none")
    .option(
      "--paging <style>",
      `how the list is paged: ${pagingStyles.map(({ name }) => name).join(", ")}; else guessed by the sample`,
    )
    .option(
      "--method <method>",
      "how the list is asked: GET, or POST with a body of JSON; else GET",
    )
    .option("--path <path>", "path of the list below the base URL, such as /executions")
    .option("--get-path <path>", "path of one execution, such as /executions/{id}")
    .option("--sample <file>", "a list response as JSON, by which schema and mapping are drafted")
    .option("--sample-get <file>", "a response of the endpoint that gives one execution")
    .option(
      "--items <path>",
      "where the executions are in the sample, such as data.items; else found",
    )
    .option("--out <folder>", "where to write; else execlog-adapter-<name>")
    .version(version(), "--version", "print the version")
    .addHelpText("after", examples)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) =>
        write(`create-execlog-adapter: ${text.replace(/^error: /, "")}`),
    })
    .showHelpAfterError("  create-execlog-adapter --help lists what there is.")
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
${packageName} is in ${folder}:
${files.map((file) => `  ${file}`).join("\n")}

Next:
  cd ${folder}
  npm install
  npm test

The tests that fail are what is left to do. README.md tells the steps.
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
