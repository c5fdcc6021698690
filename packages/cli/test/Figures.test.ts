import { type StatisticRow, makeStatistics } from "@execlog/core/statistics"
import { describe, expect, it } from "vitest"
import { groupTable, shareBar } from "../src/commands/stats/GroupTable.js"
import { sparkline } from "../src/commands/stats/SeriesText.js"
import { countText, rateText } from "../src/formats/Figure.js"

describe("rateText", () => {
  it.each([
    [null, "–"],
    [0, "0.0%"],
    [0.00001, "0.1%"],
    [0.5, "50.0%"],
    [0.57, "57.0%"],
    [0.99999, "99.9%"],
    [1, "100.0%"],
  ])("writes the rate %s as %s", (rate, text) => {
    expect(rateText(rate)).toBe(text)
  })
})

describe("countText", () => {
  it("groups a count by thousands", () => {
    expect(countText(1_234_567)).toBe("1,234,567")
    expect(countText(null)).toBe("–")
  })
})

describe("sparkline", () => {
  it("distinguishes none from few, and scales to the greatest", () => {
    expect(sparkline([0, 1, 50, 100], 4)).toBe("·▁▄█")
    expect(sparkline([0, 0], 2)).toBe("··")
  })

  it("spreads over the width when there is room for more than one column each", () => {
    expect(sparkline([1, 2], 5)).toBe("▄▄██")
    expect(sparkline([1, 2, 2], 2)).toBe("▄██")
  })
})

const row: StatisticRow = {
  provider: "dify",
  connection: null,
  workflowId: null,
  workflowName: null,
  status: "succeeded",
  timestamp: null,
  durationMs: null,
  totalTokens: null,
  errorMessage: null,
}

describe("groupTable", () => {
  it("handles more groups than a call can take arguments", () => {
    const groups = 130_000
    const statistics = makeStatistics(["workflow"])
    for (let index = 0; index < groups; index++) {
      statistics.add({ ...row, workflowId: `workflow ${index}` })
    }
    const lines = groupTable(["workflow"], statistics.summary().groups, 80, false).split("\n")
    expect(lines).toContain("129,950 smaller groups are not shown; --format csv has all.")
  })

  it("scales the bars to the greatest count shown", () => {
    const statistics = makeStatistics(["hour"])
    const counts = [900, 1000, 4, 2, ...Array.from({ length: 48 }, () => 1)]
    for (const [hour, count] of counts.entries()) {
      const timestamp = hour * 3_600_000
      for (let index = 0; index < count; index++) statistics.add({ ...row, timestamp })
    }
    const table = groupTable(["hour"], statistics.summary().groups, 120, false)
    const bars = table.match(/█+/g)?.map((bar) => bar.length)
    expect(table).toContain("2 earlier groups are not shown")
    expect(bars?.slice(0, 3)).toEqual([30, 15, 8])
  })
})

describe("shareBar", () => {
  const barOf = (succeeded: number, running: number, failed: number, width: number) => {
    const statistics = makeStatistics()
    const add = (status: StatisticRow["status"], count: number) => {
      for (let index = 0; index < count; index++) statistics.add({ ...row, status })
    }
    add("succeeded", succeeded)
    add("running", running)
    add("failed", failed)
    const bar = shareBar(statistics.summary().overall, width, false)
    return bar.map(({ text }) => text).join("")
  }

  it.each([
    [5, 3, 2, 10, "█████░░░××"],
    [1, 1, 1, 10, "████░░░×××"],
    [999, 0, 1, 10, "█████████×"],
    [1, 0, 999, 4, "█×××"],
    [10, 0, 0, 3, "███"],
    [900, 90, 10, 1, "█"],
    [0, 0, 0, 5, ""],
  ])("draws %i, %i and %i in %i columns", (succeeded, running, failed, width, bar) => {
    expect(barOf(succeeded, running, failed, width)).toBe(bar)
  })
})
