import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import { BarChart, LineChart } from "echarts/charts";
import type { AriaComponentOption, GridComponentOption, LegendComponentOption, TooltipComponentOption } from "echarts/components";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ComposeOption, init, use as register } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type ReactNode, useEffect, useRef } from "react";

register([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | AriaComponentOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

interface ChartProps {
  /** What the picture shows, for whoever does not see it; the numbers stand in a table below it. */
  readonly label: string;
  readonly option: ChartOption;
  readonly height: number;
}

/** A canvas inherits no font. */
const FONT = '"Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif';

const COMMON: ChartOption = {
  animation: false,
  textStyle: { fontSize: 14, color: "#1a1f26", fontFamily: FONT },
  // Each level has a pattern besides its colour.
  aria: { enabled: true, decal: { show: true } },
  // As canvas text: style attributes within HTML are refused by the page's CSP.
  tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, textStyle: { fontSize: 14 } },
};

/** A chart that keeps its size while its numbers change, and follows the width of the page. */
export const Chart = ({ label, option, height }: ChartProps): ReactNode => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  useEffect(() => {
    if (place.current === null) return;
    const made = init(place.current, null, { renderer: "canvas" });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption({ ...COMMON, ...option }, { notMerge: true });
    // ECharts tells readers the figures of its picture in English or Chinese of its own; ours is the table.
    place.current?.setAttribute("aria-label", label);
  }, [option, label]);
  return <div ref={place} className="chart" role="img" aria-label={label} style={{ height }} />;
};
