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

/** A request on the screen, and the place in what was heard before it was told. */
interface Shown {
  readonly probe: Probe;
  readonly requests: Requests;
  readonly requestId: Uint8Array;
  readonly since: number;
}

/** @param over what it asks for beside the level */
const show = async (probe: Probe, requests: Requests, over: Partial<Message<"openTouchRating">> = {}): Promise<Shown> => {
  const since = probe.heard.length;
  const requestId = requests.newId();
  await probe.command(touchRequest(requestId, over));
  return { probe, requests, requestId, since };
};

const FOR_REASONS = { ask: ASK.reasons, reasonList: LIST } as const;

const mustBeUnanswered = ({ probe, since }: Shown, sentence: string): void =>
  must(!probe.reports(since).some(({ type }) => type === "touchRated"), sentence);

interface RightAnswer {
  readonly level: number;
  readonly reasons?: readonly number[];
  readonly completed?: Answer["completed"];
  readonly within?: number;
}

/** The answer, as it must be; it is stored. */
const rightAnswer = async (
  { requests, requestId, since }: Shown,
  { level, reasons = [], completed = "confirmed", within = EVENT_WITHIN_MS }: RightAnswer,
): Promise<Answer> => {
  const answer = await requests.event("touchRated", requestId, within, since);
  must(answer.level === level, `level ${level} was touched, level ${answer.level} came`);
  must(
    answer.reasons.join() === reasons.join() && answer.reasonList === (reasons.length === 0 ? answer.reasonList : LIST),
    `reasons ${reasons.join() || "of none"} were touched, ${answer.reasons.join() || "none"} of list "${answer.reasonList}" came`,
  );
  must(answer.completed === completed, `the answer is told as ${answer.completed}, ${completed} would be right`);
  await requests.store(answer);
  return answer;
};

const mustBeUnsealed = ({ sealed, sealedFor }: Answer): void =>
  must(sealed.length === 0 && sealedFor.every((byte) => byte === 0), "it sealed something, and nothing was written");

/** The answer, with nothing sealed in it, and no second one. */
const onlyAnswer = async (shown: Shown, right: RightAnswer): Promise<void> => {
  const { probe, since } = shown;
  const answer = await rightAnswer(shown, right);
  mustBeUnsealed(answer);
  await probe.pause(2500);
  const other = probe
    .reports(since)
    .find((one) => (one.type === "touchRated" || one.type === "timedOut") && one.eventNo !== answer.eventNo);
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
        const shown = await show(probe, requests);
        await person.touch({ do: "level", level });
        await onlyAnswer(shown, { level });
      }
    },
  },
  {
    id: "C49",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const shown = await show(probe, await beginWithReasons(bench), FOR_REASONS);
      await mustSay(probe, "inviting", "after openTouchRating");
      await person.touch({ do: "level", level: 2 });
      await mustSay(probe, "answering", "after a level was touched");
      await person.touch({ do: "reason" });
      mustBeUnanswered(shown, "it sent the answer before it was confirmed");
      await person.touch({ do: "confirm", words: "" });
      await onlyAnswer(shown, { level: 2, reasons: [firstReasonOf(2)] });
    },
  },
  {
    id: "C50",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const shown = await show(probe, await beginWithReasons(bench), FOR_REASONS);
      await person.touch({ do: "level", level: 1 });
      await person.touch({ do: "reason" });
      await person.touch({ do: "back" });
      await mustSay(probe, "inviting", "after back");
      mustBeUnanswered(shown, "it sent an answer that was taken back");
      await person.touch({ do: "level", level: 5 });
      await mustSay(probe, "answering", "after another level was touched");
      await person.touch({ do: "confirm", words: "" });
      await onlyAnswer(shown, { level: 5 });
    },
  },
  {
    id: "C51",
    needs: ["touch"],
    unless: asksNothing,
    async run(bench) {
      const { probe, person } = bench;
      const shown = await show(probe, await beginWithReasons(bench), { ...FOR_REASONS, timeoutMs: SHORT_MS });
      await person.touch({ do: "level", level: 4 });
      await person.touch({ do: "reason" });
      await onlyAnswer(shown, { level: 4, reasons: [firstReasonOf(4)], completed: "timeUp", within: SHORT_MS + EVENT_WITHIN_MS });
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
        const shown = await show(probe, requests, FOR_REASONS);
        await person.touch({ do: "level", level: 3 });
        await probe.command(endOf(shown.requestId));
        await rightAnswer(shown, { level: 3, completed: "timeUp" });
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
      await probe.command(contactKeyOf(probe.random(32)));
      const shown = await show(probe, requests, { ask: ASK.words | ASK.contact });
      await person.touch({ do: "level", level: 2 });
      // Nothing may be asked, so the level is the answer.
      mustBeUnsealed(await rightAnswer(shown, { level: 2 }));
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
      const shown = await show(probe, requests, { ask: ASK.words });
      await person.touch({ do: "level", level: 1 });
      await mustSay(probe, "answering", "paired, with a contactKey, after a level was touched");
      await person.touch({ do: "confirm", words: WORDS });
      const answer = await rightAnswer(shown, { level: 1 });
      must(Buffer.from(answer.sealedFor).equals(key.keyId), "what was written is not sealed for the key that it was given");
      must(
        openContact(answer.sealed, privateKey, shown.requestId)?.words === WORDS,
        "what was written cannot be opened with that key, for this request",
      );
    },
  },
];
