import type { Message } from "@window-rating/protocol/pad";
import type { Bench, Item } from "./item.ts";
import { Requests } from "./ours.ts";
import { must, type Probe } from "./probe.ts";

const PRESS_WITHIN_MS = 30_000;

/** A session with nothing kept. */
const begin = async ({ probe }: Pick<Bench, "probe">): Promise<Requests> => {
  await probe.ready();
  const requests = new Requests(probe);
  await requests.drain();
  return requests;
};

const noRating = (probe: Probe, since: number, sentence: string): void =>
  must(!probe.reports(since).some(({ type }) => type === "rated" || type === "touchRated"), sentence);

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

export const RATING_ITEMS: readonly Item[] = [
  {
    id: "C11",
    needs: ["eyes"],
    async run(bench) {
      const requests = await begin(bench);
      const requestId = await requests.open();
      const answer = await bench.person.sees(
        "五个按键（或选项）看上去完全一样吗？没有哪个更亮、更大或已经选上？ Do the five keys or options look alike, none brighter, bigger or chosen?",
      );
      await bench.probe.command({ type: "cancelRating", requestId });
      must(answer, "a person saw that the keys do not look alike");
    },
  },
  {
    id: "C12",
    needs: ["keys"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      for (const key of [4, 1, 5, 2, 3]) {
        const since = probe.heard.length;
        const requestId = await requests.open();
        await person.press(key);
        const rated = await requests.event("rated", requestId, PRESS_WITHIN_MS, since);
        must(rated.level === key, `key ${key} gave level ${rated.level}`);
        // Waited for: a second press that comes late would be the first one of the next round.
        await person.pressed(key === 1 ? 5 : 1);
        await requests.store(rated);
        await probe.pause(1200);
        must(
          !probe.reports(since).some((one) => one.type === "rated" && one.eventNo !== rated.eventNo),
          "a second key gave a second rating",
        );
      }
    },
  },
  {
    id: "C13",
    needs: ["brush"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      await probe.command({ type: "configure", debounceMs: 60, volume: 0, brightness: 100, thanksMs: 500, language: "zh-CN" });
      const requestId = await requests.open();
      const since = probe.heard.length;
      for (let times = 0; times < 5; times++) {
        await person.brush(1);
        await probe.pause(100);
      }
      await probe.pause(800);
      noRating(probe, since, "a contact shorter than the debounce time gave a rating");
      await probe.command({ type: "cancelRating", requestId });
    },
  },
  {
    id: "C14",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open(requests.newId(), 1500);
      const timedOut = await requests.event("timedOut", requestId, 5000, since);
      noRating(probe, since, "it gave a level that nobody chose");
      await requests.store(timedOut);
    },
  },
  {
    id: "C15",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open(requests.newId(), 3000);
      const from = probe.now;
      await probe.pause(2000);
      await probe.command({ type: "openRating", requestId, timeoutMs: 3000, voice: 0, labels: [] });
      await requests.store(await requests.event("timedOut", requestId, 6000, since));
      must(
        probe.now - from < 4200,
        `the time of a request that was opened twice ended after ${Math.round(probe.now - from)} ms instead of 3000`,
      );
    },
  },
  {
    id: "C15r",
    needs: ["keys"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open();
      await person.press(5);
      const rated = await requests.event("rated", requestId, PRESS_WITHIN_MS, since);
      await probe.command({ type: "openRating", requestId, timeoutMs: 3000, voice: 0, labels: [] });
      const status = await probe.status();
      must(status.phase !== "inviting", "it shows a request again that it has a rating of");
      await requests.store(rated);
    },
  },
  {
    id: "C16",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open();
      await probe.command({ type: "cancelRating", requestId });
      must((await probe.status()).phase === "idle", "cancelRating did not end the invitation");
      await probe.pause(500);
      must(!probe.reports(since).some(({ type }) => type === "timedOut" || type === "rated"), "a cancelled request gave an event");
    },
  },
  {
    id: "C16r",
    needs: ["keys"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open();
      await person.press(2);
      await requests.event("rated", requestId, PRESS_WITHIN_MS, since);
      await probe.command({ type: "cancelRating", requestId });
      const after = probe.heard.length;
      const again = await requests.event("rated", requestId, 6000, after);
      must(again.level === 2, "a press that was kept changed when its request was cancelled");
      await requests.store(again);
    },
  },
  {
    id: "C23",
    needs: ["keys"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      await person.down(3);
      const since = probe.heard.length;
      const stuck = await probe.report("keyStuck", { within: 35_000, since });
      await probe.command({ type: "stored", eventNo: stuck.eventNo });
      must(stuck.key === 3, `key 3 was held, ${stuck.key} was reported`);
      const from = probe.heard.length;
      await probe.command({ type: "openRating", requestId: requests.newId(), timeoutMs: 2000, voice: 0, labels: [] });
      await probe.pause(1000);
      await person.up(3);
      await probe.pause(500);
      noRating(probe, from, "it took a level from a stuck key");
      await probe.command({ type: "idle" });
    },
  },
  {
    id: "C29",
    needs: ["keys"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      await person.down(1);
      const since = probe.heard.length;
      const requestId = await requests.open();
      await probe.pause(1500);
      noRating(probe, since, "a key that was down before the lamps lit chose a level");
      await person.up(1);
      await probe.pause(500);
      noRating(probe, since, "a key that was down before the lamps lit chose a level when it was let go");
      await probe.command({ type: "cancelRating", requestId });
    },
  },
  {
    id: "C31",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      for (const unixMs of [1, 4_102_444_800_000]) {
        await probe.command({ type: "setTime", unixMs });
        const since = probe.heard.length;
        const requestId = await requests.open(requests.newId(), 1000);
        const timedOut: Message<"timedOut"> = await requests.event("timedOut", requestId, 5000, since);
        must(Math.abs(timedOut.unixMs - unixMs) < 60_000, `with its clock set to ${unixMs} its event is of ${timedOut.unixMs}`);
        await requests.store(timedOut);
      }
      await probe.command({ type: "setTime", unixMs: Date.now() });
    },
  },
  {
    id: "C31p",
    needs: ["power"],
    async run(bench) {
      const { probe, person } = bench;
      await begin(bench);
      await person.cutPower();
      await person.restorePower();
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open(requests.newId(), 1000);
      const timedOut = await requests.event("timedOut", requestId, 5000, since);
      must(timedOut.unixMs === 0, `its clock was never set, and its event is of ${timedOut.unixMs}`);
      must(!isZero(timedOut.requestId), "the event names no request");
      await requests.store(timedOut);
    },
  },
];

export { begin, PRESS_WITHIN_MS };
