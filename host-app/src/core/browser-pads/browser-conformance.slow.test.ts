import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { SeededBytes } from "../../../test/seeded-bytes.ts";
import { BROWSER, launchTablet } from "../../../test/tablet/browser.ts";
import { Cable, freePort } from "../../../test/tablet/cable.ts";
import { CAN_MAKE_CERTIFICATES } from "../../../test/tablet/certificate.ts";
import { Tablet } from "../../../test/tablet/hall.ts";
import { PageRig } from "../../../test/tablet/rig.ts";
import type { Bench } from "../conformance/item.ts";
import type { Person, Skill } from "../conformance/person.ts";
import { Probe, type ProbeOptions } from "../conformance/probe.ts";
import { ITEMS, makeSureItIsFree, tryItem } from "../conformance/run.ts";
import { titleOf } from "../conformance/titles.ts";
import type { OpenPort } from "../pads/pad-port.ts";

const canRun = BROWSER !== undefined && CAN_MAKE_CERTIFICATES;
const why = canRun ? "" : " (skipped: no Chromium, Chrome or Edge on PATH, or no openssl)";

/** What cannot be asked of a page, with the reason. */
const LEFT_OUT = new Map([
  ["C13", "no hand touches a key for 8 ms: only the simulated pad is tried"],
  ["C22", "its store holds 1024 events; filling it takes as many seconds"],
  ["C30", "this port has no DTR and RTS"],
  ["C44", "the pad has no firmwareUpdate"],
  ["C45", "the pad has no firmwareUpdate"],
  ["C55", "the pad has touch"],
  ["C57k", "its fields are on a screen: C57 tries them as far"],
  ["C58", "the pad has no firmwareUpdate"],
  ["C59", "the pad has no firmwareUpdate"],
]);
/** Glass has no key that sticks. */
const NOT_OF_GLASS = "C23";
const WINDOW = "12";
const TABLETS = 3;

/** Hands and eyes at a tablet. */
const robotAt = (tablet: Tablet, cable: Cable, isConnected: () => boolean): Person => {
  const { page } = tablet;
  const address = page.url();
  const tap = (selector: string): Promise<void> => page.locator(`${selector}:visible`).first().dispatchEvent("click");
  const untilConnected = () => vi.waitUntil(isConnected, { timeout: 60_000, interval: 10 });
  return {
    can: new Set<Skill>(["keys", "cable", "power", "eyes", "pairing", "touch"]),
    async press(key) {
      const button = page.locator(".pairing-press:visible");
      if ((await button.count()) > 0) await button.dispatchEvent("click");
      else await page.keyboard.press(String(key));
    },
    pressed: (key) => page.keyboard.press(String(key)),
    async pressAndCutPower(key) {
      await page.keyboard.press(String(key));
      await page.locator(".scene.message:visible").waitFor();
      await page.goto("about:blank");
    },
    async touch(what) {
      if (what.do === "level") return tap(`.option[data-level="${what.level}"]`);
      if (what.do === "confirm" && what.words !== "") await page.locator(".field.words textarea:visible").fill(what.words);
      await tap(`.${what.do}`);
    },
    brush: () => Promise.reject(new Error("a touch of glass does not bounce")),
    down: (key) => page.keyboard.down(String(key)),
    up: (key) => page.keyboard.up(String(key)),
    pullCable: () => cable.pull(),
    async putCable() {
      await cable.put();
      await untilConnected();
    },
    cutPower: async () => void (await page.goto("about:blank")),
    async restorePower() {
      await page.goto(address);
      await untilConnected();
    },
    holdPairingKey: () => page.locator("#pair").dispatchEvent("click"),
    async readCode() {
      await page.locator(".pairing-code:visible").waitFor();
      return (await page.locator(".pairing-code").innerText()).replaceAll(" ", "");
    },
    sees: () =>
      page.evaluate<boolean>(
        "new Set([...document.querySelectorAll('.option')].map((one) => { const { backgroundColor, color, borderColor, boxShadow, opacity } = getComputedStyle(one); return [one.className, backgroundColor, color, borderColor, boxShadow, opacity, one.offsetHeight].join(); })).size === 1",
      ),
  };
};

/** The line to the tablet, as long as the tester holds it: a page that is loaded anew comes back on it. */
const lineTo =
  ({ pads }: PageRig): ProbeOptions["open"] =>
  async (bytes) => {
    let port: OpenPort | undefined;
    let isOver = false;
    const attach = async (): Promise<void> => {
      while (!isOver && port === undefined) {
        // Nobody there yet: asked again.
        port = await pads
          .opener(WINDOW)({ bytes, closed })
          .catch(() => undefined);
      }
    };
    const closed = (): void => {
      port = undefined;
      void attach();
    };
    await attach();
    return {
      write: (chunk) => port?.write(chunk),
      async close() {
        isOver = true;
        await port?.close();
      },
    };
  };

/** The next item begins when the pad has begun anew without its key. */
const unpair = async (probe: Probe): Promise<void> => {
  if (probe.pairingKey === undefined) return;
  const since = probe.heard.length;
  await probe.unpair();
  await probe.wait("bye", { within: 5000, since });
};

describe.skipIf(!canRun)(`a browser pad conforms, over its WebSocket${why}`, () => {
  const end = new AsyncDisposableStack();
  const free: Bench[] = [];
  const waiting: ((bench: Bench) => void)[] = [];

  const makeBench = async (browser: Browser, name: string): Promise<Bench> => {
    const port = await freePort();
    const cable = end.use(await Cable.lay(port));
    const settings = { port, bind: "127.0.0.1", certificate: null, certificateKey: null, origin: `http://127.0.0.1:${cable.port}` };
    const rig = end.use(await PageRig.open({ windowNos: [WINDOW], settings }));
    const tablet = end.use(await Tablet.open(browser));
    await tablet.join(rig.pads.offer(WINDOW, false).url);
    // Too late to be paired by itself: the tester does it by hand.
    rig.clock.advance(11 * 60_000);
    await tablet.reload();
    const probe = new Probe({ open: lineTo(rig), random: new SeededBytes(name).next, now: () => performance.now() });
    const reopen = async (): Promise<void> => {
      await probe.close();
      await probe.open();
    };
    const isConnected = (): boolean => rig.pads.list().windows[0]?.tablet?.isConnected === true;
    const bench: Bench = { probe, person: robotAt(tablet, cable, isConnected), isLong: false, tell: console.warn, reopen };
    await probe.open();
    end.defer(() => probe.close());
    // A page that is still being loaded on a busy machine is no pad yet.
    await probe.wait("knock", { within: 120_000, since: 0 });
    await makeSureItIsFree(bench);
    return bench;
  };

  beforeAll(async () => {
    const browser = await launchTablet();
    end.defer(() => browser.close());
    for (let tablet = 0; tablet < TABLETS; tablet++) free.push(await makeBench(browser, `tablet ${tablet}`));
  });
  afterAll(() => end.disposeAsync());

  const take = (): Promise<Bench> => {
    const bench = free.pop();
    return bench === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(bench);
  };
  const giveBack = (bench: Bench): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(bench);
    else next(bench);
  };

  const items = ITEMS.filter(({ id }) => id !== NOT_OF_GLASS);
  test.concurrent.each(items.map((item) => [item.id, titleOf(item.id), item] as const))("%s: %s", async (id, title, item) => {
    const bench = await take();
    try {
      const outcome = await tryItem(item, bench);
      const leftOut = LEFT_OUT.get(id);
      expect(outcome).toEqual(leftOut === undefined ? { id, title, is: "passed" } : { id, title, is: "left-out", why: leftOut });
    } finally {
      await unpair(bench.probe);
      giveBack(bench);
    }
  });
});
