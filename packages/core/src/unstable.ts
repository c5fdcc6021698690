/**
 * Internals that the packages of this repository share. They may change in any release: depend on the exact version
 * of core, or better on one of the other entry points.
 */
export { settingVariable } from "./adapter/SettingVariable.js"
export type { Face } from "./client/Face.js"
export { defaultLookBackMs, defaultStaleAfterMs } from "./following/FollowOptions.js"
export { omittedQueries, openQueries, unwatched } from "./following/OpenQueries.js"
export { isOfOneExecution } from "./model/AdapterError.js"
export { withParts } from "./model/Execution.js"
export { listingTime } from "./model/ExecutionOrder.js"
export { parseSpan } from "./model/Instant.js"
export { type Caller, iterableWithCallerStack, rethrowAt } from "./model/CallerStack.js"
export { inspectedError } from "./model/ErrorInspection.js"
export { describeIssue } from "./model/Issue.js"
export { checkQuery, passesFilter } from "./model/LogQuery.js"
export { matchesPath, type PathPattern, readPathPattern } from "./model/Masking.js"
export { nearestWord } from "./model/NearestWord.js"
export { emptyFields } from "./model/EmptyFields.js"
export { mergeObservation } from "./model/Observation.js"
export {
  checkOptionNames,
  instantOption,
  wholeNumberOption,
  wordOption,
} from "./model/OptionChecks.js"
export { filterNames } from "./model/QueryParts.js"
export { makeRedactor, redacted, type Redactor } from "./model/Redaction.js"
export { statusMeant } from "./model/StatusWords.js"
export { warningOf } from "./model/Warning.js"
export { runCheck } from "./reading/ReadOptions.js"
export { type AskOne, completeDetails, detailsWarning, lacksDetails } from "./reading/Details.js"
export { summingRejected } from "./reading/Reporting.js"
