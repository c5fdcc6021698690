import type { Change } from "@execlog/core"
import type { Notices } from "../../session/Notices.js"
import { type CommandCall, callCommand } from "./CommandCall.js"

/** The outcome of a call: the failure, or null if the call was interrupted. */
export type CallOutcome = { readonly failure: string | null } | null

/** Calls a command for a change; resolves when it has ended, in whatever way. */
export type ChangeCommand = (change: Change) => Promise<CallOutcome>

/**
 * Makes a command that runs in the shell. Its output goes to stderr, because stdout is for the data. Once
 * `waited` is aborted, a message says that the command is still running.
 */
export const makeChangeCommand =
  (call: CommandCall, notices: Notices, waited: AbortSignal): ChangeCommand =>
  async (change) => {
    if (call.cutOff.aborted) return null
    // The progress line would overwrite the output of the command.
    notices.progress.stop()
    const sayWaited = () =>
      notices.info(
        `The command for execution ${shortId(change)} is still running. A second signal ends it.`,
      )
    if (waited.aborted) sayWaited()
    waited.addEventListener("abort", sayWaited, { once: true })
    const failure = await callCommand(call, change)
    waited.removeEventListener("abort", sayWaited)
    // The failure is due to the interruption, not to the command.
    if (call.cutOff.aborted) return null
    notices.progress.show("following")
    return { failure }
  }

const longestShown = 100

/** The execution's id, shortened for messages. */
export const shortId = ({ execution: { id } }: Change): string =>
  id.length > longestShown ? `${id.slice(0, longestShown)}…` : id
