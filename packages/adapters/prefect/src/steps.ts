import { type StepDraft, Wire } from "@execlog/core"
import { errorOf, wordOf } from "./statuses.js"
import type { TaskRun } from "./wire.js"

/** A task run as a step. */
export const stepOf = (taskRun: TaskRun): StepDraft => ({
  id: taskRun.id,
  name: taskRun.name,
  type: taskRun.task_key,
  providerStatus: wordOf(taskRun.state),
  startedAt: Wire.instant(taskRun.start_time),
  finishedAt: Wire.instant(taskRun.end_time),
  error: errorOf(taskRun.state),
  attributes: {
    state_name: taskRun.state?.name,
    run_count: taskRun.run_count,
    total_run_time: taskRun.total_run_time,
    tags: taskRun.tags,
  },
})
