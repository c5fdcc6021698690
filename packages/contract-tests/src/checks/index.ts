import type { AdapterCheck, FixtureCheck } from "../Check.js"
import { cursorRefusal } from "./CursorRefusal.js"
import { endpointCoverage } from "./Endpoints.js"
import { filterEquivalence, filterFields, filterHolds, listAndGetAgree } from "./Filtering.js"
import { freshProcess } from "./FreshProcess.js"
import { brokenAnswers, httpErrors, refusals, retryAfter } from "./HttpErrors.js"
import { joinedRows } from "./JoinedRows.js"
import { mappingPurity } from "./MappingPurity.js"
import { itemIds, jsonForm, outputSchema, plausibleTimes } from "./Outputs.js"
import { secretSafety } from "./Secrets.js"
import { baseUrlSlash, describedSettings, wrongSettings } from "./Settings.js"
import { statusWords } from "./StatusWords.js"
import {
  badItem,
  missingFields,
  noDefaultSuccess,
  unknownFields,
  unknownStatus,
} from "./Tolerance.js"
import { unsupported } from "./Unsupported.js"
import { zonelessTimes } from "./ZonelessTimes.js"
import { cursorAfterPages, cursorInsidePages, noWarnings, walkOnce } from "./Walking.js"

/** What the fixtures must show for the other checks to prove anything. */
export const coverageChecks = {
  endpointCoverage,
  filterFields,
} satisfies { readonly [name: string]: AdapterCheck }

/** The promises that an adapter keeps as a whole. */
export const adapterChecks = {
  ...coverageChecks,
  cursorRefusal,
  httpErrors,
  retryAfter,
  brokenAnswers,
  secretSafety,
  wrongSettings,
  describedSettings,
  baseUrlSlash,
  unsupported,
} satisfies { readonly [name: string]: AdapterCheck }

/** The promises that an adapter keeps over each fixture. */
export const fixtureChecks = {
  refusals,
  outputSchema,
  itemIds,
  jsonForm,
  plausibleTimes,
  walkOnce,
  noWarnings,
  cursorAfterPages,
  cursorInsidePages,
  freshProcess,
  filterHolds,
  filterEquivalence,
  listAndGetAgree,
  statusWords,
  unknownStatus,
  noDefaultSuccess,
  unknownFields,
  badItem,
  missingFields,
  zonelessTimes,
  mappingPurity,
  joinedRows,
} satisfies { readonly [name: string]: FixtureCheck }
