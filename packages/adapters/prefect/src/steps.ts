import { type StepDraft, Wire } from "@execlog/core"
import { errorOf, wordOf } from "./statuses.js"
import type { TaskRun } from "./wire.js"

/** The task runs of a flow run, in the order in which they began or were to begin. */
export const steps = (taskRuns: ReadonlyArray<TaskRun> = []): Array<StepDraft> =>
  taskRuns.toSorted((one, other) => beginOf(one) - beginOf(other)).map(step)

const beginOf = ({ start_time: started, expected_start_time: expected }: TaskRun): number =>
  instant(started ?? expected)?.getTime() ?? 0

const step = (taskRun: TaskRun): StepDraft => ({
  id: taskRun.id,
  name: taskRun.name,
  type: taskRun.task_key,
  providerStatus: wordOf(taskRun.state),
  startedAt: instant(taskRun.start_time),
  finishedAt: instant(taskRun.end_time),
  error: errorOf(taskRun.state),
  attributes: {
    state_name: taskRun.state?.name ?? undefined,
    run_count: taskRun.run_count ?? undefined,
    total_run_time: taskRun.total_run_time ?? undefined,
    tags: taskRun.tags ?? undefined,
  },
})

/** A time of the wire; its schema has checked it. */
export const instant = (time: string | null | undefined): Date | null =>
  time === null || time === undefined ? null : new Date(Wire.milliseconds(time))
