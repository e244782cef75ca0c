import { until } from "../rig/until.ts";
import type { Asked } from "./reckoning.ts";
import { CLERKS, ITEMS } from "./seed.ts";
import type { Stage } from "./stage.ts";

/** Numbers that look random and are the same at every run (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Within this time each step happens, or something is broken, milliseconds. */
const PATIENCE = 20_000;

/**
 * Plays cases from end to end: signs in, starts, ends, waits for the pad to light up, presses, or walks away. At a quarter the cable
 * is pulled while the citizen presses, at a half the window PC is killed while the pad invites, at three quarters central is
 * down for some cases.
 */
export const rehearse = async (stage: Stage, cases: number, say: (line: string) => void): Promise<Asked[]> => {
  const { desk, pad } = stage;
  const random = seededRandom(20210630);
  const asked: Asked[] = [];
  const at = {
    cable: Math.floor(cases / 4),
    host: Math.floor(cases / 2),
    centralDown: Math.floor((cases * 3) / 4),
    centralUp: Math.floor((cases * 7) / 8),
  };
  for (let turn = 0; turn < cases; turn++) {
    const clerk = CLERKS[turn % 5 < 3 ? 0 : 1] as (typeof CLERKS)[number];
    const item = ITEMS[Math.floor(random() * ITEMS.length)] as (typeof ITEMS)[number];
    const caseNo = `DEMO-${String(turn + 1).padStart(4, "0")}`;
    if (turn === at.centralDown) {
      say("central goes down (kill -9)");
      await stage.crashCentral();
    }
    if (turn === at.centralUp) {
      say("central comes back");
      await stage.startCentral();
    }
    await desk.signIn(clerk);
    await desk.startCase({ caseNo, ...item });
    const { requestId } = await desk.endCase(caseNo);
    asked.push({ requestId, caseNo, staffNo: clerk.staffNo });
    await until(`the invitation of ${caseNo}`, PATIENCE, () => pad.face.phase === "inviting" && pad.face.requestId === requestId);
    const level = (1 + Math.floor(random() * 5)) as 1 | 2 | 3 | 4 | 5;
    if (turn === at.cable) {
      say("the cable is pulled, the citizen presses, the cable is put back");
      pad.unplug();
      await pad.press(level);
      pad.plug();
    } else if (turn === at.host) {
      say("the window PC is killed (kill -9) while the pad invites, the citizen presses, it starts again");
      const restarted = stage.crashHost();
      await pad.press(level);
      await restarted;
    } else if (random() < 0.12) {
      say(`${caseNo}: the citizen walks away`);
      continue;
    } else {
      await pad.press(level);
    }
    await until(`the rating of ${caseNo}`, PATIENCE, () => pad.face.pendingEvents === 0);
    say(`${caseNo}: rated`);
  }
  await stage.startCentral();
  await until("the last rating at central", PATIENCE, async () => {
    const { queue } = await desk.state();
    return queue.waiting === 0 && pad.face.pendingEvents === 0;
  });
  return asked;
};
