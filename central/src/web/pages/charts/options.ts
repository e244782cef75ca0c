import type { WordUse } from "../../words/use-words.ts";
import type { ChartOption } from "./chart.tsx";
import { type Bar, BEST_FIRST, defaultsOf, givenOf, itemDefaultsOf, itemsOf, notRatedShare } from "./series.ts";

/** A day or a window, with the name that its bar has. */
export interface NamedBar {
  readonly name: string;
  readonly bar: Bar;
}

/** From blue (best) to red (worst), of different lightness too, and each with a pattern. */
const COLOURS = { 5: "#0b5394", 4: "#6fa8dc", 3: "#d0d7de", 2: "#f0a868", 1: "#b3261e" } as const;
const PATTERNS = {
  5: { symbol: "none" },
  4: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: Math.PI / 4, color: "rgba(0,0,0,0.25)" },
  3: {
    symbol: "circle",
    symbolSize: 0.5,
    dashArrayX: [
      [8, 8],
      [0, 8, 8, 0],
    ],
    dashArrayY: [6, 0],
    color: "rgba(0,0,0,0.35)",
  },
  2: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: -Math.PI / 4, color: "rgba(0,0,0,0.3)" },
  1: {
    symbol: "rect",
    dashArrayX: [
      [6, 6],
      [0, 6, 6, 0],
    ],
    dashArrayY: [6, 0],
    color: "rgba(255,255,255,0.35)",
  },
} as const;

const grid = { left: 56, right: 24, top: 56, bottom: 48 };
const category = (bars: readonly NamedBar[]) => ({
  type: "category" as const,
  data: bars.map(({ name }) => name),
  axisLabel: { fontSize: 14 },
});
const counts = { type: "value" as const, minInterval: 1, axisLabel: { fontSize: 14 } };

/** Stacked by level; what people gave, nothing else. */
export const levelsOption = (bars: readonly NamedBar[], { code }: WordUse): ChartOption => ({
  grid,
  legend: { top: 8, itemWidth: 32, itemHeight: 18, textStyle: { fontSize: 14 } },
  xAxis: category(bars),
  yAxis: counts,
  series: BEST_FIRST.map((level) => ({
    type: "bar",
    stack: "given",
    name: `${"★".repeat(level)} ${code("level", level)}`,
    data: bars.map(({ bar }) => givenOf(bar, level)),
    barMaxWidth: 40,
    itemStyle: { color: COLOURS[level], borderColor: "#fff", borderWidth: 1, decal: PATTERNS[level] as never },
  })),
});

/** What the rules set, apart from everything else. */
export const defaultsOption = (bars: readonly NamedBar[], { t }: WordUse): ChartOption => ({
  grid,
  legend: { top: 8, textStyle: { fontSize: 14 } },
  xAxis: category(bars),
  yAxis: counts,
  series: [
    {
      type: "bar",
      name: t("charts.ofClerks"),
      data: bars.map(({ bar }) => defaultsOf(bar)),
      barMaxWidth: 40,
      itemStyle: { color: "#57606a" },
    },
    {
      type: "bar",
      name: t("charts.ofItems"),
      data: bars.map(({ bar }) => itemDefaultsOf(bar)),
      barMaxWidth: 40,
      itemStyle: { color: "#b6bdc6", borderColor: "#57606a", borderWidth: 1 },
    },
  ],
});

/** Ratings of items that people gave, apart from those of clerks. */
export const itemsOption = (bars: readonly NamedBar[], { t }: WordUse): ChartOption => ({
  grid,
  legend: { top: 8, textStyle: { fontSize: 14 } },
  xAxis: category(bars),
  yAxis: counts,
  series: [
    {
      type: "bar",
      name: t("live.itemsGiven"),
      data: bars.map(({ bar }) => itemsOf(bar)),
      barMaxWidth: 40,
      itemStyle: { color: "#1a7f5a" },
    },
  ],
});

export const shareOption = (bars: readonly NamedBar[], { t }: WordUse): ChartOption => ({
  grid,
  legend: { top: 8, textStyle: { fontSize: 14 } },
  xAxis: category(bars),
  yAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value} %", fontSize: 14 } },
  series: [
    {
      type: "line",
      name: t("charts.share"),
      data: bars.map(({ bar }) => notRatedShare(bar)),
      connectNulls: false,
      symbol: "circle",
      symbolSize: 9,
      lineStyle: { width: 3 },
      itemStyle: { color: "#5a3e85" },
    },
  ],
});
