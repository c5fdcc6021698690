/** Executions and failures by `timestamp`, in consecutive buckets of equal size. */
export interface TimeSeries {
  readonly bucketMs: number
  /**
   * Where the first bucket begins, a whole number of buckets after 1970 in UTC; null if nothing was
   * counted.
   */
  readonly from: Date | null
  readonly counts: ReadonlyArray<number>
  readonly failures: ReadonlyArray<number>
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

// Each divides the next, so that fine buckets can be put together into coarse ones.
const sizes = [
  second,
  5 * second,
  10 * second,
  30 * second,
  minute,
  5 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  day,
  7 * day,
  28 * day,
  364 * day,
  3640 * day,
]

const coarser = (size: number): number => sizes.find((other) => other > size) ?? size * 10

// A power of two: the last bits of a bucket's number are its place, and nothing ever moves.
const capacity = 2048

/** A time series while rows come: it holds so many buckets, which grow coarser with its period. */
export interface SeriesTally {
  size: number
  /** The numbers of the first and last bucket, counted from 1970. */
  first: number
  last: number
  counts: Float64Array
  failures: Float64Array
}

/** A series of nothing. */
export const makeSeriesTally = (): SeriesTally => ({
  size: second,
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
  counts: new Float64Array(capacity),
  failures: new Float64Array(capacity),
})

/** Counts one under its time. */
export const tallyTime = (series: SeriesTally, timestamp: number, isFailure: boolean): void => {
  let bucket = Math.floor(timestamp / series.size)
  if (bucket < series.first || bucket > series.last) {
    const first = Math.min(timestamp, series.first * series.size)
    const last = Math.max(timestamp, series.last * series.size)
    let { size } = series
    while (Math.floor(last / size) - Math.floor(first / size) >= capacity) size = coarser(size)
    if (size !== series.size) coarsen(series, size)
    bucket = Math.floor(timestamp / size)
    series.first = Math.min(series.first, bucket)
    series.last = Math.max(series.last, bucket)
  }
  add(series.counts, bucket, 1)
  if (isFailure) add(series.failures, bucket, 1)
}

const indexOfBucket = (bucket: number): number => bucket & (capacity - 1)

const add = (counts: Float64Array, bucket: number, count: number): void => {
  counts[indexOfBucket(bucket)] = (counts[indexOfBucket(bucket)] ?? 0) + count
}

const coarsen = (series: SeriesTally, size: number): void => {
  const { counts, failures, first, last } = series
  const ratio = size / series.size
  series.counts = new Float64Array(capacity)
  series.failures = new Float64Array(capacity)
  for (let bucket = first; bucket <= last; bucket++) {
    const into = Math.floor(bucket / ratio)
    add(series.counts, into, counts[indexOfBucket(bucket)] ?? 0)
    add(series.failures, into, failures[indexOfBucket(bucket)] ?? 0)
  }
  series.first = Math.floor(first / ratio)
  series.last = Math.floor(last / ratio)
  series.size = size
}

/**
 * The series in at most so many buckets, of the finest size that allows it; two at least, since
 * 1970 lies between two buckets of every size.
 */
export const seriesOf = (series: SeriesTally, most: number): TimeSeries => {
  const { size: fine, first, last } = series
  if (first > last) return { bucketMs: fine, from: null, counts: [], failures: [] }
  let size = fine
  const numberOf = (bucket: number) => Math.floor(bucket / (size / fine))
  while (numberOf(last) - numberOf(first) >= Math.max(2, most)) size = coarser(size)
  const from = numberOf(first)
  const counts = Array.from({ length: numberOf(last) - from + 1 }, () => 0)
  const failures = counts.slice()
  for (let bucket = first; bucket <= last; bucket++) {
    const into = numberOf(bucket) - from
    counts[into] = (counts[into] ?? 0) + (series.counts[indexOfBucket(bucket)] ?? 0)
    failures[into] = (failures[into] ?? 0) + (series.failures[indexOfBucket(bucket)] ?? 0)
  }
  return { bucketMs: size, from: new Date(from * size), counts, failures }
}
