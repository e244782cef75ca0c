import type { Message } from "@window-rating/protocol/pad";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EVENT_CAPACITY, openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

/** A reason for which the pad is asked again: how it is while it holds the request back, and by which status it could take it. */
const HOLDS: readonly {
  reason: Message<"refused">["reason"];
  code: string;
  still: Partial<Message<"status">>;
  well: Partial<Message<"status">>;
}[] = [
  { reason: "keyStuck", code: "WR1061", still: { faults: 1 << 2, keysDown: 1 << 2 }, well: { keysDown: 1 << 2 } },
  {
    reason: "storeFull",
    code: "WR1060",
    still: { pendingEvents: EVENT_CAPACITY },
    well: { pendingEvents: EVENT_CAPACITY - 1 },
  },
  { reason: "fault", code: "WR1062", still: { phase: "fault", faults: 1 << 1 }, well: { faults: 1 << 1 } },
];

describe.each(HOLDS.map((hold) => [hold.reason, hold] as const))(
  "a request that the pad refuses with %s",
  (reason, { code, still, well }) => {
    let folder: ReturnType<typeof temporaryFolder>;
    let clock: TestClock;
    let rig: ReturnType<typeof openWindow>;
    beforeEach(() => {
      folder = temporaryFolder();
      clock = new TestClock();
      rig = openWindow(folder.path, clock);
      rig.ready();
    });
    afterEach(() => {
      rig.close();
      folder.remove();
    });
    const openings = () => rig.commands.filter(({ type }) => type === "openRating").length;

    test("waits, and is shown after the status by which the pad can take it, with the time that it still has", () => {
      const requestId = rig.serve("A-1");
      rig.refuses(requestId, reason);
      rig.status(still);
      expect([openings(), rig.bodies(), rig.window.state().request?.state]).toEqual([1, [], "waiting"]);
      clock.advance(125_000);
      rig.status(well);
      expect(rig.commands.at(-1)).toMatchObject({ type: "openRating", timeoutMs: 25_000 });
      rig.shows(requestId);
      rig.press(requestId, 5);
      expect(rig.bodies()).toMatchObject([{ kind: "rating", level: 5, binding: { requestId, caseNo: "A-1" } }]);
    });

    test("is told to the clerk once, and stands in the state of the pad until it is over", () => {
      const requestId = rig.serve("A-1");
      rig.refuses(requestId, reason);
      rig.refuses(requestId, reason);
      expect(rig.events.flatMap((event) => (event.event === "notice" ? [event.code] : []))).toEqual([code]);
      expect(rig.window.state().pad).toMatchObject({ connection: "ready", cause: expect.stringMatching(`^${code} `) });
      rig.status(well);
      expect(rig.window.state().pad).toEqual({ connection: "ready" });
      expect(rig.events.at(-1)).toMatchObject({ event: "state", state: { pad: { connection: "ready" } } });
    });

    test("expires when the pad stays so, and is shown no more", () => {
      const requestId = rig.serve("A-1");
      rig.refuses(requestId, reason);
      clock.advance(151_000);
      rig.window.start();
      expect(rig.bodies()).toMatchObject([{ kind: "not-rated", reason: "expired", binding: { requestId } }]);
      rig.status(well);
      expect(openings()).toBe(1);
    });

    test("is forgotten when the next case ends: only that one is shown", () => {
      rig.refuses(rig.serve("A-1"), reason);
      const second = rig.serve("A-2");
      rig.refuses(second, reason);
      rig.status(well);
      rig.shows(second);
      rig.press(second, 4);
      expect(openings()).toBe(3);
      expect(rig.bodies().map((body) => [body.binding.caseNo, body.reason ?? body.level])).toEqual([
        ["A-1", "superseded"],
        ["A-2", 4],
      ]);
    });

    test("ends in the end when the pad says for ever that it can, and never does", () => {
      const requestId = rig.serve("A-1");
      for (let times = 0; times < 100; times++) {
        rig.refuses(requestId, reason);
        rig.status(well);
      }
      expect(rig.window.state().request).toMatchObject({ requestId, state: "refused-by-pad" });
      expect(openings()).toBeLessThan(50);
    });
  },
);

test("a rating that a failing store put out is shown again, for the same request, when the pad can keep ratings again", () => {
  const folder = temporaryFolder();
  const rig = openWindow(folder.path, new TestClock());
  rig.ready();
  const requestId = rig.serve("A-1");
  rig.shows(requestId);
  rig.status({ phase: "fault", faults: 1 << 1 });
  expect(rig.window.state().pad.cause).toMatch(/^WR1062 /);
  rig.status({ faults: 1 << 1 });
  expect(rig.commands.filter(({ type }) => type === "openRating")).toHaveLength(2);
  rig.press(requestId, 2);
  expect(rig.bodies()).toMatchObject([{ kind: "rating", level: 2, binding: { requestId } }]);
  rig.close();
  folder.remove();
});
