import { CAPABILITIES, type Message } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { mustSay } from "./phase.ts";
import { must, type Probe } from "./probe.ts";
import { begin, PRESS_WITHIN_MS } from "./rating-items.ts";
import { lacks } from "./transfer-items.ts";

type Part = Message<"selfTest">["part"];

const tryPart = async (probe: Probe, part: Part, durationMs: number): Promise<void> => {
  const since = probe.heard.length;
  await probe.command({ type: "selfTest", part, durationMs });
  const told = await probe.report("selfTested", { within: 5000, since });
  must(told.part === part, `it was told to test ${part} and told of ${told.part}`);
};

export const SELF_TEST_ITEMS: readonly Item[] = [
  {
    id: "C57",
    needs: [],
    unless: lacks("selfTest"),
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      await tryPart(probe, "keys", 20_000);
      await mustSay(probe, "testing", "while a test is shown");
      await probe.command({ type: "selfTest", part: "keys", durationMs: 0 });
      await mustSay(probe, "idle", "after a test was ended");
      await tryPart(probe, "keys", 20_000);
      const requestId = await requests.open();
      const since = probe.heard.length;
      await probe.command({ type: "selfTest", part: "keys", durationMs: 20_000 });
      const refused = await probe.report("refused", { within: 2000, since });
      must(refused.reason === "notReady", `while a rating is shown it refused a test with ${refused.reason}`);
      await mustSay(probe, "inviting", "after a test was refused");
      await probe.command({ type: "cancelRating", requestId });
      await tryPart(probe, "store", 1000);
      await mustSay(probe, "idle", "after its store was looked at");
    },
  },
  {
    id: "C57k",
    needs: ["keys"],
    unless: (bench) =>
      lacks("selfTest")(bench) ??
      (((bench.probe.pad?.capabilities ?? 0) & CAPABILITIES.touch) === 0 ? undefined : "its fields are on a screen: C57 tries them as far"),
    async run(bench) {
      const { probe, person } = bench;
      await begin(bench);
      await tryPart(probe, "keys", 60_000);
      const since = probe.heard.length;
      await person.press(2);
      await probe.report("status", { within: PRESS_WITHIN_MS, since, where: ({ keysDown }) => keysDown === 0b10 });
      await probe.report("status", { within: PRESS_WITHIN_MS, since, where: ({ keysDown }) => keysDown === 0 });
      await probe.command({ type: "selfTest", part: "keys", durationMs: 0 });
      await probe.pause(500);
      must(!probe.reports(since).some((one) => "eventNo" in one), "a press in a test became an event");
    },
  },
];
