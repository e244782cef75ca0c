import type { Item } from "./item.ts";
import type { Requests } from "./ours.ts";
import { must } from "./probe.ts";
import { begin, PRESS_WITHIN_MS } from "./rating-items.ts";

/** A full store takes one time-out of a second for each of its places; more than this is left out. */
const LARGEST_TO_FILL = 128;
/** How often the power is cut behind a press. */
const CUTS = 4;

export const STORE_ITEMS: readonly Item[] = [
  {
    id: "C17",
    needs: ["keys", "cable"],
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      const requestId = await requests.open();
      await person.pullCable();
      await person.press(4);
      await person.putCable();
      await bench.reopen();
      const since = probe.heard.length;
      await probe.ready();
      const rated = await requests.event("rated", requestId, PRESS_WITHIN_MS, since);
      must(rated.level === 4, `key 4 was pressed with the cable out, level ${rated.level} came`);
      await requests.store(rated);
    },
  },
  {
    id: "C18",
    needs: ["keys", "power"],
    async run(bench) {
      const { probe, person } = bench;
      // At once, and at any moment of what is shown afterwards.
      for (const afterMs of [0, ...probe.random(CUTS - 1).map((byte) => 4 * byte)]) {
        const requests = await begin(bench);
        await probe.command({ type: "configure", debounceMs: 30, volume: 0, brightness: 100, thanksMs: 10_000, language: "zh-CN" });
        const since = probe.heard.length;
        const requestId = await requests.open();
        await person.pressAndCutPower(2, afterMs);
        const before = probe.reports(since).find((one) => one.type === "rated");
        await person.restorePower();
        const back = probe.heard.length;
        await probe.ready();
        const after = await requests.event("rated", requestId, PRESS_WITHIN_MS, back);
        must(after.level === 2, `key 2 was pressed, and after a loss of power level ${after.level} came`);
        must(before === undefined || before.eventNo === after.eventNo, "after a loss of power another event came for the same press");
        await requests.store(after);
      }
    },
  },
  {
    id: "C19",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open(requests.newId(), 1000);
      const first = await requests.event("timedOut", requestId, 5000, since);
      const after = probe.heard.length;
      const again = await requests.event("timedOut", requestId, 6500, after);
      must(again.eventNo === first.eventNo, "an event that was not stored came again under another number");
      await probe.ready();
      const third = await requests.event("timedOut", requestId, 3000, probe.sessionSince);
      must(third.eventNo === first.eventNo, "in a new session it came under another number");
      await requests.store(third);
    },
  },
  {
    id: "C20",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = await requests.open(requests.newId(), 1000);
      const event = await requests.event("timedOut", requestId, 5000, since);
      must((await probe.status()).pendingEvents >= 1, "an event that was not stored is not counted as kept");
      await requests.store(event);
      must((await probe.status()).pendingEvents === 0, "an event that was stored is still kept");
      await probe.ready();
      const from = probe.heard.length;
      await probe.pause(2500);
      must(!probe.reports(from).some(({ type }) => type === "timedOut"), "an event came again after it was stored");
      // A stored for what it does not have is ignored.
      await requests.store({ ...event, eventNo: event.eventNo + 1000 });
      await probe.status();
    },
  },
  {
    id: "C21",
    needs: [],
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      let last = 0;
      for (let times = 0; times < 3; times++) {
        const since = probe.heard.length;
        const requestId = await requests.open(requests.newId(), 1000);
        const { eventNo } = await requests.event("timedOut", requestId, 5000, since);
        must(eventNo > last, `event ${eventNo} came after ${last}`);
        last = eventNo;
        await requests.store({ type: "timedOut", eventNo } as Parameters<Requests["store"]>[0]);
      }
    },
  },
  {
    id: "C21p",
    needs: ["power"],
    async run(bench) {
      const { probe, person } = bench;
      let requests = await begin(bench);
      let last = 0;
      for (let times = 0; times < 3; times++) {
        const since = probe.heard.length;
        const requestId = await requests.open(requests.newId(), 1000);
        const event = await requests.event("timedOut", requestId, 5000, since);
        must(event.eventNo > last, `event ${event.eventNo} came after ${last}`);
        last = event.eventNo;
        await requests.store(event);
        const { storeId, bootCount } = probe.pad ?? {};
        await person.cutPower();
        await person.restorePower();
        requests = await begin(bench);
        must(probe.pad?.storeId === storeId, "its event store is another one after a loss of power");
        must((probe.pad?.bootCount ?? 0) > (bootCount ?? 0), "bootCount did not rise");
      }
    },
  },
  {
    id: "C22",
    needs: [],
    unless: ({ probe: { pad } }) =>
      (pad?.eventCapacity ?? 0) > LARGEST_TO_FILL
        ? `its store holds ${pad?.eventCapacity} events; filling it takes as many seconds`
        : undefined,
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const capacity = probe.pad?.eventCapacity ?? 0;
      for (let kept = 0; kept < capacity + 1; kept++) {
        const since = probe.heard.length;
        const requestId = requests.newId();
        await probe.command({ type: "openRating", requestId, timeoutMs: 1000, voice: 0, labels: [] });
        const said = () => probe.reports(since).find((one) => one.type === "refused" || (one.type === "status" && one.phase === "idle"));
        must(await probe.until(() => said() !== undefined, 4000), "a request was neither refused nor timed out");
        const refused = said();
        if (refused?.type !== "refused") continue;
        must(refused.reason === "storeFull", `with a full store it refused with ${refused.reason}`);
        must(kept >= 1, "it refused with storeFull though nothing was kept");
        return requests.drain();
      }
      must(false, `it says that it keeps ${capacity} events, and opened a rating with all of them kept`);
    },
  },
];
