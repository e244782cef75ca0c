import { contactKeyId, contactPublicKey, openContact } from "@window-rating/protocol/contact";
import { ASK, type Message } from "@window-rating/protocol/pad";
import type { Bench, Item } from "./item.ts";
import type { Requests } from "./ours.ts";
import { paired } from "./pairing-items.ts";
import { mustSay } from "./phase.ts";
import { must, type Probe } from "./probe.ts";
import { begin } from "./rating-items.ts";
import { touchRequest } from "./screen-items.ts";
import { bring, lacks } from "./transfer-items.ts";

type Answer = Message<"touchRated">;

/** Reasons of each level, as an asset; the first code of a level is a hundred times the level and one. */
const LIST = "conformance";
const firstReasonOf = (level: number): number => 100 * level + 1;
const reasonList = (): Uint8Array => {
  const texts = (code: number) => ({ "zh-CN": `样例 ${code}`, en: `Example ${code}` });
  const ofLevel = (level: number) =>
    [0, 1].map((more) => ({ code: firstReasonOf(level) + more, text: texts(firstReasonOf(level) + more) }));
  const levels = Object.fromEntries([1, 2, 3, 4, 5].map((level) => [level, ofLevel(level)]));
  return new TextEncoder().encode(JSON.stringify({ format: 1, version: LIST, levels }));
};

const WORDS = "样例";
const EVENT_WITHIN_MS = 5000;
/** Time for a person to touch, and not too long to wait for its end. */
const SHORT_MS = 20_000;

/** Why the details cannot be tried: nothing can be asked behind the level. */
const asksNothing = (bench: Bench): string | undefined => lacks("touch")(bench) ?? lacks("reasons")(bench) ?? lacks("assets")(bench);

/** A session in which the pad has reasons to ask for. */
const beginWithReasons = async (bench: Bench): Promise<Requests> => {
  const requests = await begin(bench);
  const outcome = await bring(bench.probe, reasonList(), undefined, `reasons/${LIST}`);
  must(outcome === "complete", `the transfer of a list of reasons ended with ${outcome}`);
  return requests;
};

/** Shows a request that asks for reasons. */
const ask = async (probe: Probe, requests: Requests, timeoutMs = 60_000): Promise<Uint8Array> => {
  const requestId = requests.newId();
  await probe.command(touchRequest(requestId, { ask: ASK.reasons, reasonList: LIST, timeoutMs }));
  return requestId;
};

const mustBe = (answer: Answer, level: number, reasons: readonly number[], completed: Answer["completed"]): void => {
  must(answer.level === level, `level ${level} was touched, level ${answer.level} came`);
  must(
    answer.reasons.join() === reasons.join() && answer.reasonList === (reasons.length === 0 ? answer.reasonList : LIST),
    `reasons ${reasons.join() || "of none"} were touched, ${answer.reasons.join() || "none"} of list "${answer.reasonList}" came`,
  );
  must(answer.completed === completed, `the answer is told as ${answer.completed}, ${completed} would be right`);
};

const mustBeUnsealed = ({ sealed, sealedFor }: Answer): void =>
  must(sealed.length === 0 && sealedFor.every((byte) => byte === 0), "it sealed something, and nothing was written");

/** No second answer comes. */
const noMore = async (probe: Probe, { eventNo }: Answer, since: number): Promise<void> => {
  await probe.pause(2500);
  const other = probe.reports(since).find((one) => (one.type === "touchRated" || one.type === "timedOut") && one.eventNo !== eventNo);
  must(other === undefined, `beside its answer it sent ${other?.type}`);
};

const contactKeyOf = (privateKey: Uint8Array): Message<"contactKey"> => {
  const publicKey = contactPublicKey(privateKey);
  return { type: "contactKey", keyId: contactKeyId(publicKey), publicKey };
};

/** The answers of a citizen on a touchscreen (SPEC.md, section 12). */
export const TOUCH_ITEMS: readonly Item[] = [
  {
    id: "C48",
    needs: ["touch"],
    unless: lacks("touch"),
    async run(bench) {
      const { probe, person } = bench;
      const requests = await begin(bench);
      for (const level of [4, 1]) {
        const since = probe.heard.length;
        const requestId = requests.newId();
        await probe.command(touchRequest(requestId));
        await person.touch({ do: "level", level });
        const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
        mustBe(answer, level, [], "confirmed");
        mustBeUnsealed(answer);
        await requests.store(answer);
        await noMore(probe, answer, since);
      }
    },
  },
  {
    id: "C49",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const requests = await beginWithReasons(bench);
      const since = probe.heard.length;
      const requestId = await ask(probe, requests);
      await mustSay(probe, "inviting", "after openTouchRating");
      await person.touch({ do: "level", level: 2 });
      await mustSay(probe, "answering", "after a level was touched");
      await person.touch({ do: "reason" });
      must(!probe.reports(since).some(({ type }) => type === "touchRated"), "it sent the answer before it was confirmed");
      await person.touch({ do: "confirm", words: "" });
      const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
      mustBe(answer, 2, [firstReasonOf(2)], "confirmed");
      mustBeUnsealed(answer);
      await requests.store(answer);
      await noMore(probe, answer, since);
    },
  },
  {
    id: "C50",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const requests = await beginWithReasons(bench);
      const since = probe.heard.length;
      const requestId = await ask(probe, requests);
      await person.touch({ do: "level", level: 1 });
      await person.touch({ do: "reason" });
      await person.touch({ do: "back" });
      await mustSay(probe, "inviting", "after back");
      must(!probe.reports(since).some(({ type }) => type === "touchRated"), "it sent an answer that was taken back");
      await person.touch({ do: "level", level: 5 });
      await mustSay(probe, "answering", "after another level was touched");
      await person.touch({ do: "confirm", words: "" });
      const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
      mustBe(answer, 5, [], "confirmed");
      await requests.store(answer);
      await noMore(probe, answer, since);
    },
  },
  {
    id: "C51",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const requests = await beginWithReasons(bench);
      const since = probe.heard.length;
      const requestId = await ask(probe, requests, SHORT_MS);
      await person.touch({ do: "level", level: 4 });
      await person.touch({ do: "reason" });
      const answer = await requests.event("touchRated", requestId, SHORT_MS + EVENT_WITHIN_MS, since);
      mustBe(answer, 4, [firstReasonOf(4)], "timeUp");
      mustBeUnsealed(answer);
      await requests.store(answer);
      await noMore(probe, answer, since);
    },
  },
  {
    id: "C52",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const requests = await beginWithReasons(bench);
      const ends: readonly ((requestId: Uint8Array) => Message<"cancelRating" | "idle" | "openTouchRating">)[] = [
        (requestId) => ({ type: "cancelRating", requestId }),
        () => ({ type: "idle" }),
        () => touchRequest(requests.newId()),
      ];
      for (const endOf of ends) {
        const since = probe.heard.length;
        const requestId = await ask(probe, requests);
        await person.touch({ do: "level", level: 3 });
        const end = endOf(requestId);
        await probe.command(end);
        const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
        mustBe(answer, 3, [], "timeUp");
        await requests.store(answer);
      }
      // Nothing was touched of the request that took the place of the last one.
      await mustSay(probe, "inviting", "after another request took the place of one that was touched");
      const since = probe.heard.length;
      await probe.command({ type: "idle" });
      await probe.pause(1000);
      must(!probe.reports(since).some((one) => "eventNo" in one), "a request that nobody touched gave an event when idle ended it");
    },
  },
  {
    id: "C53",
    needs: ["touch"],
    unless: (bench) => lacks("touch")(bench) ?? lacks("wordsAndContact")(bench),
    async run(bench) {
      const { probe, person } = bench;
      await probe.unpair();
      const requests = await begin(bench);
      const since = probe.heard.length;
      await probe.command(contactKeyOf(probe.random(32)));
      const requestId = requests.newId();
      await probe.command(touchRequest(requestId, { ask: ASK.words | ASK.contact }));
      await person.touch({ do: "level", level: 2 });
      // Nothing may be asked, so the level is the answer.
      const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
      mustBe(answer, 2, [], "confirmed");
      mustBeUnsealed(answer);
      await requests.store(answer);
    },
  },
  {
    id: "C54",
    needs: ["touch", "pairing"],
    unless: (bench) => lacks("touch")(bench) ?? lacks("wordsAndContact")(bench) ?? lacks("pairing")(bench),
    async run(bench) {
      const { probe, person } = bench;
      const requests = await paired(bench);
      await requests.drain();
      const privateKey = probe.random(32);
      const key = contactKeyOf(privateKey);
      await probe.command(key);
      const since = probe.heard.length;
      const requestId = requests.newId();
      await probe.command(touchRequest(requestId, { ask: ASK.words }));
      await person.touch({ do: "level", level: 1 });
      await mustSay(probe, "answering", "paired, with a contactKey, after a level was touched");
      await person.touch({ do: "confirm", words: WORDS });
      const answer = await requests.event("touchRated", requestId, EVENT_WITHIN_MS, since);
      mustBe(answer, 1, [], "confirmed");
      must(Buffer.from(answer.sealedFor).equals(key.keyId), "what was written is not sealed for the key that it was given");
      must(
        openContact(answer.sealed, privateKey, requestId)?.words === WORDS,
        "what was written cannot be opened with that key, for this request",
      );
      await requests.store(answer);
    },
  },
];
