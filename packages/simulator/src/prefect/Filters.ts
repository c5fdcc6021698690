import type { PrefectCondition, PrefectGroup } from "./Conditions.js"
import type { PrefectHistory } from "./History.js"
import type { PrefectTasks } from "./Tasks.js"

/** Whether an item passes. */
type Test = (item: number) => boolean

/** A time of an item, and the time that bounds compare. */
interface FilteredTime {
  readonly real: (item: number) => number | null
  readonly bounded: (item: number) => number | null
}

/** How conditions read an item, by field. Null for a field of another type. */
interface Fields {
  readonly text: (field: string) => ((item: number) => string | null) | null
  readonly texts: (field: string) => ((item: number) => ReadonlyArray<string>) | null
  readonly time: (field: string) => FilteredTime
}

const joined = (tests: ReadonlyArray<Test>, or: boolean): Test => {
  const [first, ...others] = tests
  if (first === undefined) return () => true
  if (others.length === 0) return first
  return or
    ? (item) => tests.some((test) => test(item))
    : (item) => tests.every((test) => test(item))
}

const textTest = (condition: PrefectCondition, textOf: (item: number) => string | null): Test => {
  const tests: Array<Test> = []
  const { any, not, like, isNull } = condition
  if (any !== null) {
    const wanted = new Set<string | null>(any)
    tests.push((item) => wanted.has(textOf(item)))
  }
  if (not !== null) {
    const unwanted = new Set<string | null>(not)
    tests.push((item) => !unwanted.has(textOf(item)))
  }
  if (like !== null) {
    const part = like.toLowerCase()
    tests.push((item) => textOf(item)?.toLowerCase().includes(part) ?? false)
  }
  if (isNull !== null) tests.push((item) => (textOf(item) === null) === isNull)
  return joined(tests, condition.or)
}

const textsTest = (
  condition: PrefectCondition,
  textsOf: (item: number) => ReadonlyArray<string>,
): Test => {
  const tests: Array<Test> = []
  const { any, all, isNull } = condition
  if (any !== null) tests.push((item) => textsOf(item).some((text) => any.includes(text)))
  if (all !== null) tests.push((item) => all.every((text) => textsOf(item).includes(text)))
  if (isNull !== null) tests.push((item) => (textsOf(item).length === 0) === isNull)
  return joined(tests, condition.or)
}

const timeTest = (condition: PrefectCondition, times: FilteredTime): Test => {
  const { after, before, isNull } = condition
  const tests: Array<Test> = []
  if (after !== -Infinity || before !== Infinity) {
    tests.push((item) => {
      const time = times.bounded(item)
      return time !== null && time >= after && time <= before
    })
  }
  if (isNull !== null) tests.push((item) => (times.real(item) === null) === isNull)
  return joined(tests, false)
}

const testOf = (part: PrefectCondition | PrefectGroup, fields: Fields): Test => {
  if ("parts" in part)
    return joined(
      part.parts.map((inner) => testOf(inner, fields)),
      part.or,
    )
  const text = fields.text(part.field)
  if (text !== null) return textTest(part, text)
  const texts = fields.texts(part.field)
  return texts === null ? timeTest(part, fields.time(part.field)) : textsTest(part, texts)
}

const runFields = (history: PrefectHistory): Fields => ({
  text: (field) => {
    switch (field) {
      case "id":
        return (run) => history.idOf(run)
      case "name":
        return (run) => history.nameOf(run)
      case "state.type":
        return (run) => history.typeOf(run)
      case "state.name":
        return (run) => history.stateNameOf(run)
      case "deployment_id":
        return (run) =>
          history.isDeployed(run) ? history.ids.deployment(history.flowOf(run)) : null
      case "parent_task_run_id":
        return (run) => (history.parentOf(run) === null ? null : history.ids.subflowTask(run))
      case "parent_flow_run_id":
        return (run) => {
          const parent = history.parentOf(run)
          return parent === null ? null : history.idOf(parent)
        }
      default:
        return null
    }
  },
  texts: (field) => (field === "tags" ? (run) => history.tagsOf(run) : null),
  time: (field) => {
    const same = (real: (run: number) => number | null) => ({ real, bounded: real })
    if (field === "start_time") {
      // Bounds compare the expected start of a run that has not started.
      return {
        real: (run) => history.startOf(run),
        bounded: (run) => history.startOf(run) ?? history.expectedOf(run),
      }
    }
    if (field === "end_time") return same((run) => history.endOf(run))
    if (field === "expected_start_time") return same(history.expectedOf)
    return same((run) => history.nextScheduledOf(run))
  },
})

/** Tests whether a flow run passes the filters on flows and on flow runs. */
export const runTest = (
  history: PrefectHistory,
  flows: PrefectGroup | null,
  runs: PrefectGroup | null,
  flowNames: ReadonlyArray<string>,
): Test => {
  const tests: Array<Test> = []
  if (flows !== null) {
    const test = flowTest(history, flows, flowNames)
    const passing = flowNames.map((_, flow) => test(flow))
    tests.push((run) => passing[history.flowOf(run)] ?? false)
  }
  if (runs !== null) tests.push(testOf(runs, runFields(history)))
  return joined(tests, false)
}

/** Tests whether a flow passes a filter. */
export const flowTest = (
  history: PrefectHistory,
  flows: PrefectGroup,
  names: ReadonlyArray<string>,
): Test =>
  testOf(flows, {
    text: (field) =>
      field === "id" ? (flow) => history.ids.flow(flow) : (flow) => names[flow] ?? null,
    texts: () => null,
    time: () => ({ real: () => null, bounded: () => null }),
  })

/** Tests whether a task run passes a filter. */
export const taskTest = (history: PrefectHistory, group: PrefectGroup, tasks: PrefectTasks): Test =>
  testOf(group, {
    text: (field) => {
      switch (field) {
        case "id":
          return (task) => tasks.idOf(task)
        case "name":
          return (task) => tasks.factsOf(task).name
        case "state.type":
          return (task) => tasks.factsOf(task).type
        case "state.name":
          return (task) => tasks.factsOf(task).stateName
        case "flow_run_id":
          return (task) => history.idOf(tasks.runOf(task))
        default:
          return null
      }
    },
    texts: () => null,
    time: (field) => {
      const timeOf = (task: number) => {
        const facts = tasks.factsOf(task)
        if (field === "end_time") return facts.end
        return field === "start_time" ? facts.start : facts.expected
      }
      return { real: timeOf, bounded: timeOf }
    },
  })
