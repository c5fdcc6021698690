import type { Change } from "@execlog/core"
import { type CommandCall, callCommand } from "./CommandCall.js"
import type { Notices } from "../../session/Notices.js"

/** How a call ended: null where it was cut off, else with what failed. */
export type CallOutcome = { readonly failure: string | null } | null

/** Calls a command for a change; resolves when it has ended, however it did. */
export type ChangeCommand = (change: Change) => Promise<CallOutcome>

/**
 * A command line for the shell. What it writes goes to stderr, since stdout holds the data. Once
 * `waited` is aborted, that the command is waited for is said.
 */
export const makeChangeCommand =
  (call: CommandCall, notices: Notices, waited: AbortSignal): ChangeCommand =>
  async (change) => {
    if (call.cutOff.aborted) return null
    // The line that waits would be drawn over what the command writes.
    notices.progress.stop()
    const sayWaited = () =>
      notices.tell(
        `The command for execution ${shortId(change)} is still running. A second signal ends it.`,
      )
    if (waited.aborted) sayWaited()
    waited.addEventListener("abort", sayWaited, { once: true })
    const failure = await callCommand(call, change)
    waited.removeEventListener("abort", sayWaited)
    // Its exit code tells of the signal, and not of the command.
    if (call.cutOff.aborted) return null
    notices.progress.show("following")
    return { failure }
  }

const longestShown = 100

/** The id of the execution of a change, as messages name it. */
export const shortId = ({ execution: { id } }: Change): string =>
  id.length > longestShown ? `${id.slice(0, longestShown)}…` : id
