import { CAPABILITIES, type Message } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { mustSay } from "./phase.ts";
import { must } from "./probe.ts";
import { begin } from "./rating-items.ts";
import { lacks } from "./transfer-items.ts";

/** openTouchRating that asks nothing beside the level. */
export const touchRequest = (requestId: Uint8Array, over: Partial<Message<"openTouchRating">> = {}): Message<"openTouchRating"> => ({
  ...{ type: "openTouchRating", requestId, timeoutMs: 60_000, voice: 0, labels: [], itemName: "测试事项（样例） Test item" },
  ...{ caseNo: "TEST-1", reasonList: "", ask: 0, caseQr: "" },
  ...over,
});

/** No asset of this name is on any pad. */
const NONE = "conformance/none";

/** What a screen shows without a hand at it (SPEC.md, section 12). */
export const SCREEN_ITEMS: readonly Item[] = [
  {
    id: "C46",
    needs: [],
    unless: lacks("screen"),
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const card = { type: "staffCard", staffNo: "0001", name: "张三样例", title: "", photo: NONE, stars: 3, partyEmblem: false } as const;
      await probe.command({
        ...{ type: "configureScreen", contrast: "high", textSize: "large", languages: ["zh-CN", "zz-none"], logo: NONE },
        ...{ windowQr: "https://rate.example/w/1", windowQrPicture: NONE, hall: "样例大厅", window: "1" },
      });
      await probe.command(card);
      await probe.command({ type: "notice", text: "样例通知", durationMs: 1000 });
      await mustSay(probe, "idle", "after card and notice");
      await probe.command({ type: "pause", text: "" });
      await mustSay(probe, "paused", "after pause");
      await probe.command({ ...card, staffNo: "", name: "" });
      await probe.command({ type: "notice", text: "", durationMs: 0 });
      await mustSay(probe, "paused", "while it pauses, after another card");
      await probe.command({ type: "idle" });
      await mustSay(probe, "idle", "after idle ended the pause");
      await probe.command({ type: "pause", text: "午休（样例）" });
      const requestId = await requests.open();
      await probe.command({ type: "cancelRating", requestId });
      await mustSay(probe, "idle", "after a rating ended the pause");
      const refused = probe.reports(since).find((one) => one.type === "refused");
      must(refused === undefined, `it refused a command of the screen with ${refused?.reason}`);
    },
  },
  {
    id: "C47",
    needs: [],
    unless: lacks("touch"),
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      const requestId = requests.newId();
      await probe.command(touchRequest(requestId, { timeoutMs: 3000 }));
      await mustSay(probe, "inviting", "after openTouchRating");
      const from = probe.now;
      await probe.pause(2000);
      await probe.command(touchRequest(requestId, { timeoutMs: 3000, caseQr: "https://rate.example/c/1" }));
      const timedOut = await requests.event("timedOut", requestId, 6000, since);
      must(probe.now - from < 4200, `a request that was opened twice was over after ${Math.round(probe.now - from)} ms instead of 3000`);
      must(!probe.reports(since).some(({ type }) => type === "rated" || type === "touchRated"), "it gave a level that nobody touched");
      await requests.store(timedOut);
    },
  },
  {
    id: "C55",
    needs: [],
    unless: ({ probe: { pad } }) => (((pad?.capabilities ?? 0) & CAPABILITIES.touch) === 0 ? undefined : "the pad has touch"),
    async run(bench) {
      const { probe } = bench;
      const requests = await begin(bench);
      const since = probe.heard.length;
      await probe.command(touchRequest(requests.newId()));
      const refused = await probe.report("refused", { within: 2000, since });
      must(refused.reason === "unsupported", `it refused openTouchRating with ${refused.reason}`);
      await mustSay(probe, "idle", "after it refused");
    },
  },
];
