import { type Step, Wire } from "@execlog/core"
import { errorOf, statuses, wordOf } from "./statuses.js"
import type { TaskRun } from "./wire.js"

/** The task runs of a flow run, in the order in which they began or were to begin. */
export const steps = (taskRuns: ReadonlyArray<TaskRun> = []): Array<Step> =>
  taskRuns.toSorted((one, other) => beginOf(one) - beginOf(other)).map(step)

const beginOf = ({ start_time: started, expected_start_time: expected }: TaskRun): number =>
  instant(started ?? expected)?.getTime() ?? 0

const step = (taskRun: TaskRun): Step => {
  const { state } = taskRun
  const word = wordOf(state)
  const startedAt = instant(taskRun.start_time)
  const finishedAt = instant(taskRun.end_time)
  return {
    id: taskRun.id,
    name: taskRun.name ?? null,
    type: taskRun.task_key ?? null,
    status: statuses[word ?? ""] ?? "unknown",
    providerStatus: word,
    startedAt,
    finishedAt,
    durationMs:
      startedAt === null || finishedAt === null || finishedAt < startedAt
        ? null
        : finishedAt.getTime() - startedAt.getTime(),
    error: errorOf(state),
    attributes: {
      state_name: state?.name ?? null,
      run_count: taskRun.run_count ?? null,
      total_run_time: taskRun.total_run_time ?? null,
      tags: taskRun.tags ?? [],
    },
  }
}

/** A time of the wire; its schema has checked it. */
export const instant = (time: string | null | undefined): Date | null =>
  time === null || time === undefined ? null : new Date(Wire.milliseconds(time))
