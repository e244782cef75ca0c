import type { CONSOLE_TRAFFIC_REQUESTS } from "../../messages/console-traffic.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { TrafficWatch } from "../traffic/traffic-watch.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

type TrafficHandlers = Pick<HandlersFor<typeof CONSOLE_TRAFFIC_REQUESTS>, "traffic.watch" | "traffic.stop" | "traffic.save">;

export const trafficHandlers = ({ dataDir, clock, traffic }: ConsoleParts, line: ConsoleLine): TrafficHandlers => {
  let watch: TrafficWatch | undefined;
  const stop = (): void => {
    watch?.end();
    watch = undefined;
  };
  let hasEnded = false;
  line.onEnd(() => {
    hasEnded = true;
    stop();
  });
  return {
    "traffic.watch": async () => {
      stop();
      const begun = await traffic.watch(undefined, (batch) => line.tell("traffic", batch));
      // Another one may have begun meanwhile, or the console may have gone.
      stop();
      watch = begun;
      if (hasEnded) stop();
      return { lines: traffic.lines };
    },
    "traffic.stop": () => {
      stop();
      return {};
    },
    "traffic.save": async ({ filter, from, to }) => {
      const [{ fitsFilter }, { saveFrames }] = await Promise.all([
        import("../traffic/traffic-filter.ts"),
        import("../traffic/traffic-file.ts"),
      ]);
      const frames = (watch?.frames ?? []).filter((frame) => frame.no >= from && frame.no <= to && fitsFilter(frame, filter));
      return { path: saveFrames(dataDir, frames, clock.wallMs()), frames: frames.length };
    },
  };
};
