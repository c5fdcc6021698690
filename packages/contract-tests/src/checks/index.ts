import type { AdapterCheck, FixtureCheck } from "../kit/Check.js"
import { listingDistance, statusAgreement } from "./Agreement.js"
import { endpointCoverage, filterCoverage, givesCoverage, orderCoverage } from "./Coverage.js"
import { cursorRejection } from "./CursorRejection.js"
import { declaredParts, gettableIds } from "./DeclaredParts.js"
import { deniedJoins } from "./DeniedJoins.js"
import { filterEquivalence, filterFields, filterHolds, listAndGetAgree } from "./Filtering.js"
import { freshProcess } from "./FreshProcess.js"
import { brokenAnswers, httpErrors, recordedErrors, retryAfter } from "./HttpErrors.js"
import { joinedRows } from "./JoinedRows.js"
import {
  cursorAfterPages,
  cursorInsidePages,
  listingTicks,
  noWarnings,
  walkOnce,
} from "./ListWalk.js"
import { mappingPurity } from "./MappingPurity.js"
import { missingIds } from "./MissingIds.js"
import { nullStarts } from "./NullStarts.js"
import { otherIds } from "./OtherIds.js"
import { itemIds, jsonForm, outputSchema, plausibleTimes } from "./Outputs.js"
import { plannedExecutions } from "./Planned.js"
import { brokenItems, rejectedFilters, rejectedPageSizes } from "./RejectedRequests.js"
import { namedRoutes } from "./Routes.js"
import { secretSafety } from "./Secrets.js"
import { sentFilters } from "./SentFilters.js"
import { sentKey } from "./SentKey.js"
import { baseUrlSlash, describedSettings, wrongSettings } from "./Settings.js"
import { statusTable, statusWords } from "./StatusWords.js"
import { zonedTimes, zonelessTimes } from "./TimeZones.js"
import {
  badItem,
  missingFields,
  noDefaultSuccess,
  unknownFields,
  unknownStatus,
} from "./Tolerance.js"
import { unsupported } from "./Unsupported.js"

/** Requirements on the fixtures, without which the other checks prove nothing. */
export const coverageChecks = {
  endpointCoverage,
  orderCoverage,
  filterCoverage,
  givesCoverage,
  filterFields,
} satisfies { readonly [name: string]: AdapterCheck }

/** The checks of an adapter as a whole. */
export const adapterChecks = {
  ...coverageChecks,
  cursorRejection,
  httpErrors,
  retryAfter,
  brokenAnswers,
  sentKey,
  secretSafety,
  wrongSettings,
  describedSettings,
  baseUrlSlash,
  unsupported,
  namedRoutes,
  sentFilters,
  statusTable,
  gettableIds,
  missingIds,
  otherIds,
  nullStarts,
  plannedExecutions,
  rejectedFilters,
  rejectedPageSizes,
  brokenItems,
  deniedJoins,
} satisfies { readonly [name: string]: AdapterCheck }

/** The checks of each fixture. */
export const fixtureChecks = {
  recordedErrors,
  outputSchema,
  itemIds,
  jsonForm,
  plausibleTimes,
  walkOnce,
  listingTicks,
  noWarnings,
  cursorAfterPages,
  cursorInsidePages,
  freshProcess,
  filterHolds,
  filterEquivalence,
  listAndGetAgree,
  declaredParts,
  statusWords,
  unknownStatus,
  noDefaultSuccess,
  unknownFields,
  badItem,
  missingFields,
  zonelessTimes,
  zonedTimes,
  mappingPurity,
  joinedRows,
  statusAgreement,
  listingDistance,
} satisfies { readonly [name: string]: FixtureCheck }
