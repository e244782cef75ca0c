import { expect, test } from "vitest";
import { sendThroughKills } from "./instances.ts";

test("I6, I8: three instances on one database, two of them killed in turn while 24 window PCs send: nothing lost, nothing doubled, every chain whole", async () => {
  const { waitingAtKills, seconds: _, ...report } = await sendThroughKills({ windowPcs: 24, entriesEach: 200 });
  expect(report).toEqual({ entries: 4800, lost: 0, doubled: 0, brokenChains: 0, refused: 0, kills: 2 });
  // Each kill fell into the sending.
  expect(waitingAtKills.every((count) => count > 24)).toBe(true);
});
