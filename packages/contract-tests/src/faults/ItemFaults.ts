import type { Execution, Json } from "@execlog/core"
import { isArray, isObject, type JsonPath, valuesWithin, withValue } from "../kit/JsonPath.js"
import type { FaultGroup, Target } from "./Fault.js"
import { adding, type Damage, isRead, keepsPlace, literally, replacing } from "./ItemDamage.js"
import { given, type ItemFault, itemFault, rejected } from "./ItemFault.js"
import { timeFaults } from "./TimeFaults.js"

const depth = 10_000
const unsafe = literally("9007199254740993")
const unheardOf = "execlog-unheard-of"

const numberOf = (id: string, { ids }: Target): number => 1000 + ids.indexOf(id)

const everyLeaf = (item: Json): ReadonlyArray<JsonPath> =>
  [...valuesWithin(item)]
    .filter(({ value }) => !isObject(value) && !isArray(value))
    .map(({ path }) => path)

/** Sets every field to null with which the endpoint still reads the item. */
const nullWhereAllowed: Damage = (item, { id }, { target }) =>
  everyLeaf(item).reduce((changed, path) => {
    if (id.includes(path)) return changed
    const emptier = withValue(changed, path, null)
    return isRead(target, emptier) && keepsPlace(target, changed, emptier) ? emptier : changed
  }, item)

/** Searching one nested value for the key takes about a second. */
const mostNested = 4

/** Nests too deep for recursion: in a new field, and in some fields that accept any JSON. */
const nested: Damage = (item, { id, times }, { target }) => {
  const deep = literally("[".repeat(depth) + "]".repeat(depth))
  const open = everyLeaf(item).filter(
    (path) =>
      !id.includes(path) && !times.includes(path) && isRead(target, withValue(item, path, [[]])),
  )
  const every = Math.ceil(open.length / mostNested)
  const chosen = open.filter((_, index) => index % every === 0)
  const inside = chosen.reduce((changed, path) => withValue(changed, path, deep), item)
  return adding(inside, "execlog_nested", deep)
}

const withPrototype = (value: Json): Json => {
  if (isArray(value)) return value.map(withPrototype)
  if (!isObject(value)) return value
  const inner = Object.entries(value).map(([key, held]) => [key, withPrototype(held)] as const)
  return Object.fromEntries([...inner, ["__proto__", { polluted: "yes" }]])
}

const polluted = (execution: Execution): string | null => {
  const touched: ReadonlyArray<unknown> = [{}, execution, execution.workflow, execution.attributes]
  return touched.some((object) => Reflect.get(Object(object), "polluted") !== undefined)
    ? "a __proto__ key became a prototype"
    : null
}

const statusBecomes = (word: string): ItemFault => ({
  name: `the status ${JSON.stringify(word)}`,
  scope: "execution",
  damage: (item, { status }) => replacing(item, status, () => word),
  otherwise: "its items have no status word",
  expected: [
    {
      kind: "given",
      check: ({ status, providerStatus }) =>
        status === "unknown" && providerStatus === word
          ? null
          : `status ${status}, providerStatus ${providerStatus}`,
    },
  ],
})

const appended = (name: string, text: string): ItemFault => ({
  name,
  scope: "execution",
  damage: (item, { id, texts }, { target }) =>
    replacing(
      item,
      isListedById(target) ? texts : [...id, ...texts],
      (before) => `${String(before)}${text}`,
    ),
  expected: [{ kind: "given", idOf: (id, target) => (isListedById(target) ? id : `${id}${text}`) }],
})

/** Whether the id is also the place in the list, so that another id would be another place. */
const isListedById = ({ list }: Target): boolean => list?.endpoint.time.isSequence === true

export const itemFaults: FaultGroup = {
  title: "Items are malformed",
  faults: [
    itemFault({
      name: "one malformed item: its id is an object that repeats the key",
      scope: "item",
      damage: (item, { id }, { echo }) => replacing(item, id, () => ({ key: echo })),
      expected: [rejected],
    }),
    itemFault({
      name: "null instead of an item",
      scope: "item",
      damage: () => literally("null"),
      expected: [rejected],
    }),
    itemFault({
      name: "all items malformed",
      scope: "all",
      damage: (item, { id }) => replacing(item, id, (before) => ({ id: before })),
      expected: [{ kind: "all rejected" }],
    }),
    itemFault(statusBecomes(unheardOf)),
    itemFault(statusBecomes("constructor")),
    itemFault({
      name: "null in every field of an item",
      scope: "item",
      damage: (item) => replacing(item, everyLeaf(item), () => null),
      // Dify reports a missing execution in this way.
      expected: [rejected, { kind: "failed", reason: "NotFound", hint: "check_id" }],
    }),
    itemFault({
      name: "null in every field that may be null",
      scope: "item",
      damage: nullWhereAllowed,
      expected: [given],
    }),
    itemFault({
      name: "ids as numbers",
      scope: "all",
      damage: (item, { id }, { target }) =>
        replacing(item, id, (before) => numberOf(String(before), target)),
      // An adapter may accept numbers if its provider sends them.
      expected: [
        { kind: "all rejected" },
        { kind: "given", isOfAll: true, idOf: (id, target) => String(numberOf(id, target)) },
      ],
    }),
    itemFault({
      name: "an id that is a number beyond 2^53",
      scope: "execution",
      damage: (item, { id }) => replacing(item, id, () => unsafe),
      // Read as text, which may be a valid id of the provider.
      expected: [rejected, { kind: "given", idOf: () => "9007199254740993" }],
    }),
    itemFault({
      name: "other numbers beyond 2^53",
      scope: "item",
      damage: (item, { numbers }) =>
        adding(replacing(item, numbers, () => unsafe) ?? item, "execlog_number", unsafe),
      expected: [
        // In a numeric field, the text is rejected.
        rejected,
        {
          kind: "given",
          check: ({ raw }) =>
            JSON.stringify(raw).includes('"execlog_number":"9007199254740993"')
              ? null
              : "not with all its digits",
        },
      ],
    }),
    itemFault({
      name: "numbers out of range (1e400)",
      scope: "item",
      damage: (item, { numbers }) => replacing(item, numbers, () => literally("1e400")),
      otherwise: "its items have no other numbers",
      // A field of any JSON gets what JSON.parse reads: Infinity.
      expected: [rejected, given],
    }),
    ...timeFaults,
    itemFault({
      name: "nesting 10,000 deep",
      scope: "item",
      damage: nested,
      expected: [rejected],
    }),
    itemFault({
      name: "an id nested 10,000 deep",
      scope: "item",
      damage: (item, { id }) =>
        replacing(item, id, () => literally("[".repeat(depth) + "]".repeat(depth))),
      expected: [rejected],
    }),
    itemFault({
      name: "an id of 200,000 characters",
      scope: "item",
      damage: (item, { id }) => replacing(item, id, () => "9".repeat(200_000)),
      expected: [rejected],
    }),
    itemFault({
      name: "__proto__ keys",
      scope: "execution",
      damage: withPrototype,
      expected: [{ kind: "given", check: polluted }],
    }),
    itemFault(appended("lone surrogates", "\ud800")),
    itemFault(appended("control characters", "\u0000\u001b[31m\u009b\u007f")),
  ],
}
