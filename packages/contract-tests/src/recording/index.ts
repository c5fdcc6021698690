/**
 * Recording of fixtures: asks a provider for what the contract suite needs. It brings neither a test
 * runner nor anything that stands in for the network, so that a program can load it.
 */
export type { AnswerDifference } from "./AnswerDifference.js"
export type { MaskCounts } from "./Masking.js"
export { record, type Recording, type RecordOptions } from "./Recording.js"
export type { RecordedFixture } from "./RecordedFixture.js"
export { type ComparedFixture, compareWithFolder, writeFixtures } from "./RecordingFolder.js"
export { type ShapeDifference, shapeDifferences } from "./ShapeDifference.js"
export { type Suspicion, suspicionsOf } from "./Suspicion.js"
