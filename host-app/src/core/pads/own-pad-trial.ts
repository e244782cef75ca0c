import { CAPABILITIES, type Capability, type Command, declarationOf, type Message, type Report } from "@window-rating/protocol/pad";
import type { PadLine, PadWatcher } from "./pad-line.ts";
import type { TrialLine, TrialReports } from "./pad-trial.ts";
import type { TrialPart } from "./trial-parts.ts";

/** A pad that knows no test is asked so often which keys are down, milliseconds. */
const ASK_EVERY_MS = 150;
const SELF_TEST = declarationOf("selfTest").id;
const OPENINGS: readonly Command["type"][] = ["openRating", "openTouchRating"];

type OwnPart = Exclude<TrialPart, "beep" | "stars">;

/** Tries a pad that speaks the pad protocol: by its selfTest, and where it has none, by what every pad can do. */
export const ownPadTrial = (line: PadLine): TrialLine => {
  const can = (capability: Capability): boolean => ((line.met?.capabilities ?? 0) & CAPABILITIES[capability]) !== 0;
  return {
    parts: () => {
      if (line.pad === undefined) return [];
      const tested = (["lamps", "voice", "screen"] as const).filter((part) => can("selfTest") && can(part));
      // Without the test a screen tells of no finger.
      return ["identify", ...tested, ...(can("selfTest") || !can("touch") ? ["keys" as const] : [])];
    },
    begin: (part, durationMs, told) => {
      const stopAsking = start(line, part as OwnPart, durationMs, can("selfTest"));
      if (stopAsking === undefined) return undefined;
      const watcher = watcherFor(part as OwnPart, told);
      line.watchers.add(watcher);
      return {
        stop: () => {
          line.watchers.delete(watcher);
          stopAsking();
        },
      };
    },
  };
};

/** @returns what ends it; undefined if the pad is away */
const start = (line: PadLine, part: OwnPart, durationMs: number, knowsTests: boolean): (() => void) | undefined => {
  if (part === "identify") {
    return line.send({ type: "identify", durationMs }) ? () => void line.send({ type: "identify", durationMs: 0 }) : undefined;
  }
  if (knowsTests) {
    const test = (ms: number): boolean => line.send({ type: "selfTest", part, durationMs: ms });
    return test(durationMs) ? () => void test(0) : undefined;
  }
  if (!line.send({ type: "askStatus" })) return undefined;
  const timer = setInterval(() => line.send({ type: "askStatus" }), ASK_EVERY_MS);
  return () => clearInterval(timer);
};

const watcherFor = (part: OwnPart, told: TrialReports): PadWatcher => ({
  report: (message: Report): boolean => {
    if (message.type === "status" && part === "keys") told.down(keysOf(message));
    if (message.type === "refused" && message.command === SELF_TEST) {
      told.over("refused");
      return true;
    }
    if (message.type !== "selfTested") return false;
    told.found(message.outcome, message.detail);
    return true;
  },
  // Before the citizen is asked, the pad is told that the test is over.
  sending: ({ type }: Command): void => {
    if (OPENINGS.includes(type)) told.over("rating");
  },
  lost: () => told.over("lost"),
});

const keysOf = ({ keysDown }: Message<"status">): string[] =>
  [1, 2, 3, 4, 5].filter((key) => (keysDown & (1 << (key - 1))) !== 0).map(String);
