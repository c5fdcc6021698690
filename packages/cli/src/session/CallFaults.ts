import { nearestWord } from "@execlog/core/unstable"
import type { Argument, Command, Option } from "commander"
import type { CallError } from "./CallError.js"

/** Why a call of the program is not valid, and what to do about it. */
export interface CallFault {
  readonly message: string
  readonly hint: string
}

/** Describes a command that does not exist. */
export const unknownCommand = (given: string, program: Command): CallFault => {
  const names = program.commands.map((known) => known.name())
  return faultOf(program, `There is no command "${given}".`, meant(given, names))
}

/**
 * Words an error of commander by its code, from what the command declares and was given; null after
 * the help. `args` are the arguments of the program.
 */
export const faultOfCall = (
  { cause: { code }, message, command }: CallError,
  args: ReadonlyArray<string>,
): CallFault | null => {
  const name = nameOf(command)
  const fault = (text: string, remedy: string | null = null): CallFault =>
    faultOf(command, text, remedy)
  switch (code) {
    case "commander.help":
      return null
    case "commander.unknownCommand":
      return unknownCommand(command.args[0] ?? "", command)
    case "commander.unknownOption": {
      // A value behind a = may be a key, and is not shown.
      const [flag = ""] = (command.args.find(isFlag) ?? "").split("=")
      const flags = command.options.map(({ long }) => long ?? "")
      return fault(`${name} has no flag ${flag}.`, meant(flag, flags))
    }
    case "commander.optionMissingArgument": {
      // Commander takes any word behind a flag for its value: only the last flag can lack one.
      const last = args.at(-1)
      const option = command.options.find(({ long, short }) => long === last || short === last)
      return fault(
        `${last ?? name} has no value.`,
        option === undefined ? null : `Write ${option.flags}.`,
      )
    }
    case "commander.missingMandatoryOptionValue": {
      const option = command.options.find((one) => isMissing(command, one))
      return fault(
        `${option?.long ?? name} is missing.`,
        option === undefined ? null : describedBy(option.flags, option),
      )
    }
    case "commander.missingArgument": {
      const argument = command.registeredArguments[command.args.length]
      const word = `<${argument?.name() ?? ""}>`
      return fault(
        `${name} needs ${word}.`,
        argument === undefined ? null : describedBy(word, argument),
      )
    }
    case "commander.excessArguments":
      return fault(
        `${name} takes ${counted(command.registeredArguments.length)}, and was given ${command.args.length}.`,
      )
    default:
      return fault(message)
  }
}

const nameOf = (command: Command): string =>
  command.parent === null ? "execlog" : `execlog ${command.name()}`

const faultOf = (command: Command, message: string, remedy: string | null): CallFault => {
  const usage = `${nameOf(command)} --help shows the usage.`
  return { message, hint: remedy === null ? usage : `${remedy} ${usage}` }
}

const meant = (given: string, known: ReadonlyArray<string>): string | null => {
  const near = nearestWord(given, known)
  return near === null ? null : `Did you mean ${near}?`
}

const isFlag = (arg: string): boolean => arg.startsWith("-")

const isMissing = (command: Command, option: Option): boolean =>
  option.mandatory && command.getOptionValue(option.attributeName()) === undefined

const describedBy = (word: string, { description }: Pick<Option | Argument, "description">) =>
  `Add ${word}: ${description}.`

const counted = (count: number): string =>
  count === 0 ? "no arguments" : count === 1 ? "one argument" : `${count} arguments`
