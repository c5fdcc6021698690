import { type Json, valueAt } from "../shared/Json.js"
import { plain } from "../shared/Names.js"
import { isWorkflowName, isWrapper, type Roles } from "./FieldRoles.js"
import { type Field, fieldsOf, type Shape, told } from "./Shape.js"

/** A field that is taken for the id, though it is not called one outright. */
export interface IdGuess {
  readonly field: Field
  /** The other fields that it may be. */
  readonly others: ReadonlyArray<Field>
  /** Whether the sample leaves no doubt. */
  readonly isSure: boolean
}

const ending = /(id|ref|key|uuid)$/
const ofExecution = /^(execution|run|job|task|log)?(id|ref|key|uuid)$/

/**
 * The text that differs in each item and whose name ends as those of ids do; null where there is
 * none. `known` is where the list has its id.
 */
export const guessId = (
  item: Shape,
  items: ReadonlyArray<Json>,
  roles: Roles,
  known: ReadonlyArray<string> | undefined,
): IdGuess | null => {
  const taken = new Set([...roles.values()].map(({ path }) => path.join("\n")))
  const isKnown = ({ path }: Field) => path.join("\n") === known?.join("\n")
  const isOfExecution = ({ path }: Field) => ofExecution.test(plain(path.at(-1) ?? ""))
  const rank = (field: Field) => (isKnown(field) ? 0 : isOfExecution(field) ? 1 : 2)
  const [field, ...others] = fieldsOf(item)
    .filter(({ path, shape }) => {
      const name = plain(path.at(-1) ?? "")
      const values = items.map((each) => valueAt(each, path))
      return (
        ending.test(name) &&
        !isWorkflowName(name) &&
        path.slice(0, -1).every(isWrapper) &&
        !taken.has(path.join("\n")) &&
        [...values, ...told(shape)].every((value) => typeof value === "string" && value !== "") &&
        new Set(values).size === values.length
      )
    })
    .toSorted((a, b) => rank(a) - rank(b))
  if (field === undefined) return null
  const isSure = isKnown(field) || (others.length === 0 && items.length > 1 && isOfExecution(field))
  return { field, others, isSure }
}
