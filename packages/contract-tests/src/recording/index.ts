/**
 * Records from a provider the fixtures that the contract suite needs. Imports neither a test runner nor a
 * network mock, so that programs can load it.
 */
export type { AnswerDifference } from "./AnswerDifference.js"
export type { MaskCounts } from "./Masking.js"
export { record, type Recording, type RecordOptions } from "./Recording.js"
export type { RecordedFixture } from "./RecordedFixture.js"
export { type ComparedFixture, compareWithFolder, writeFixtures } from "./RecordingFolder.js"
export { type ShapeDifference, shapeDifferences } from "./ShapeDifference.js"
export { type Suspicion, suspicionsOf } from "./Suspicion.js"
