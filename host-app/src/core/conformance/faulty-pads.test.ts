import { type Frame, MESSAGES, type Message, messageName, SECURED_FLAG } from "@window-rating/protocol/pad";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Item } from "./item.ts";
import { ITEMS } from "./run.ts";
import { as, type Change, type Fault, tried } from "./test/trial.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_790_000_000_000 }));
afterEach(() => void vi.useRealTimers());

type Type = Message["type"];

/** A pad that sends or understands something else in the place of one kind of message; undefined = nothing. */
const instead =
  <Name extends Type>(type: Name, change: (message: Message<Name>, frame: Frame) => Message | undefined): Change =>
  (frame, message) => {
    if (message?.type !== type) return frame;
    const other = change(message as Message<Name>, frame);
    return other === undefined ? undefined : as(frame, other);
  };

/** Stands where something else should have come, so that the numbers of the frames go on. */
const STATUS: Message<"status"> = {
  ...{ type: "status", phase: "idle", requestId: new Uint8Array(16), pendingEvents: 0, lostEvents: 0, keysDown: 0, faults: 0 },
  uptimeMs: 0,
};
const ASK_STATUS: Message<"askStatus"> = { type: "askStatus" };

const isSequenced = ({ type }: Frame): boolean => type >= 0x10;
const lastByteTurned = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));

/** Each makes a pad anew, for a fault may have a memory. */
const FAULTS: readonly (readonly [id: string, pad: string, why: string, make: () => Fault])[] = [
  ["C1", "never knocks", "no knock came", () => ({ says: (frame) => (messageName(frame.type) === "knock" ? undefined : frame) })],
  [
    "C2",
    "answers with another nonce",
    "another nonce",
    () => ({ says: instead("helloAnswer", (m) => ({ ...m, nonce: new Uint8Array(8) })) }),
  ],
  [
    "C7",
    "says nothing to a frame that it has had",
    "was not acknowledged again",
    () => {
      const had = new Set<string>();
      return {
        hears: (frame) => {
          const name = `${frame.session} ${frame.sequence}`;
          if (!isSequenced(frame) || !had.has(name)) {
            if (isSequenced(frame)) had.add(name);
            return frame;
          }
          return undefined;
        },
      };
    },
  ],
  ["C9", "answers no ping", "ping was not answered", () => ({ says: instead("pong", () => undefined) })],
  [
    "C10",
    "does not acknowledge what it does not know",
    "an unknown id was not acknowledged",
    () => ({ hears: (frame) => (messageName(frame.type) === undefined ? undefined : frame) }),
  ],
  ["C12", "gives level 3 for every key", "gave level 3", () => ({ says: instead("rated", (m) => ({ ...m, level: 3 })) })],
  [
    "C12",
    "takes a second key for a second rating",
    "a second key gave a second rating",
    () => {
      let [isRated, isStored] = [false, false];
      return {
        hears: (frame, message) => {
          isStored ||= isRated && message?.type === "stored";
          return frame;
        },
        says: (frame, message) => {
          isRated ||= message?.type === "rated";
          if (message?.type !== "status" || !isStored) return frame;
          const of = { requestId: new Uint8Array(16), sinceOpenMs: 1, unixMs: 0, bootCount: 1 };
          return as(frame, { type: "rated", eventNo: 1000, level: 1, ...of });
        },
      };
    },
  ],
  [
    "C14",
    "takes a time-out for a good rating",
    "no timedOut came",
    () => ({ says: instead("timedOut", (m) => ({ ...m, type: "rated", level: 5, sinceOpenMs: 1, bootCount: 1 })) }),
  ],
  [
    "C15",
    "starts the time anew when it is told again",
    "instead of 3000",
    () => {
      let times = 0;
      const again = (requestId: Uint8Array): Uint8Array => (times > 1 ? lastByteTurned(requestId) : requestId);
      const told: Change = (frame, message) =>
        message !== undefined && (message.type === "timedOut" || message.type === "status")
          ? as(frame, { ...message, requestId: again(message.requestId) })
          : frame;
      return {
        hears: instead("openRating", (m) => {
          times++;
          return { ...m, requestId: again(m.requestId) };
        }),
        says: told,
      };
    },
  ],
  [
    "C18",
    "forgets a press when its power goes",
    "no rated came",
    () => {
      let starts = new Set<number>();
      return {
        says: (frame, message) => {
          if (message?.type === "helloAnswer") starts = starts.add(message.bootCount);
          return message?.type === "rated" && starts.size > 1 ? as(frame, STATUS) : frame;
        },
      };
    },
  ],
  [
    "C18",
    "gives another level after its power went",
    "level 4 came",
    () => {
      let starts = new Set<number>();
      return {
        says: (frame, message) => {
          if (message?.type === "helloAnswer") starts = starts.add(message.bootCount);
          return message?.type === "rated" && starts.size > 1 ? as(frame, { ...message, level: 4 }) : frame;
        },
      };
    },
  ],
  [
    "C19",
    "offers an event once only",
    "no timedOut came",
    () => {
      let times = 0;
      return { says: instead("timedOut", (m) => (times++ > 0 ? undefined : m)) };
    },
  ],
  ["C20", "never forgets an event", "again and again", () => ({ hears: instead("stored", () => ASK_STATUS) })],
  ["C21", "gives every event the same number", "came after", () => ({ says: instead("timedOut", (m) => ({ ...m, eventNo: 2 })) })],
  [
    "C23",
    "gives up a session that is kept alive",
    "and it gave up a session that was kept alive (knock: silence)",
    () => ({ hears: instead("ping", () => undefined) }),
  ],
  [
    "C33",
    "does not prove its key",
    "does not prove that it holds the key",
    () => ({ says: instead("challengeAnswer", (m) => ({ ...m, proof: new Uint8Array(16) })) }),
  ],
  [
    "C34",
    "obeys a host that has proved nothing",
    "no refused came",
    () => ({ says: instead("refused", () => ({ ...STATUS, phase: "inviting" })) }),
  ],
  [
    "C35",
    "takes a frame that is not secured",
    "it took a frame that nobody who has the key has sent",
    () => {
      let isTaken = false;
      return {
        hears: (frame, message) => {
          isTaken ||= message?.type === "identify" && (frame.flags & SECURED_FLAG) === 0;
          return frame;
        },
        says: (frame) => (isTaken ? { ...frame, acknowledgement: (frame.acknowledgement + 1) & 0xff } : frame),
      };
    },
  ],
  [
    "C42",
    "is silent about chunks out of their place",
    "said wanted 0 times",
    () => {
      let times = 0;
      return { says: instead("wanted", (m) => (times++ === 0 ? m : STATUS)) };
    },
  ],
  [
    "C43",
    "keeps a file whatever its hash",
    "ended with complete",
    () => ({ says: instead("transferEnded", (m) => ({ ...m, outcome: "complete" })) }),
  ],
  ["C46", "knows no pause", "its phase is idle, paused would be right", () => ({ hears: instead("pause", () => ASK_STATUS) })],
  [
    "C46",
    "refuses a card whose photo it does not have",
    "it refused a command of the screen with unsupported",
    () => ({
      hears: instead("staffCard", (m) => (m.photo === "" ? m : { type: "selfTest", part: "lamps", durationMs: 1000 })),
    }),
  ],
  [
    "C47",
    "takes a time-out for a good rating",
    "no timedOut came",
    () => ({ says: instead("timedOut", (m) => ({ ...rating(m), completed: "timeUp" })) }),
  ],
  [
    "C48",
    "has its options the wrong way round",
    "level 4 was touched, level 2 came",
    () => ({ says: instead("touchRated", (m) => ({ ...m, level: 6 - m.level })) }),
  ],
  [
    "C48",
    "tells reasons that nobody was asked for",
    "reasons of none were touched, 510 of list",
    () => ({ says: instead("touchRated", (m) => ({ ...m, reasons: [510], reasonList: "2020" })) }),
  ],
  ["C49", "loses the reasons", "reasons 201 were touched, none", () => ({ says: instead("touchRated", (m) => ({ ...m, reasons: [] })) })],
  [
    "C49",
    "does not tell that it asks for more",
    "after a level was touched its phase is inviting",
    () => ({ says: instead("status", (m) => ({ ...m, phase: m.phase === "answering" ? "inviting" : m.phase })) }),
  ],
  [
    "C50",
    "knows no way back",
    "after back its phase is answering",
    () => {
      let isTouched = false;
      return {
        says: instead("status", (m) => {
          isTouched ||= m.phase === "answering";
          return isTouched && m.phase === "inviting" ? { ...m, phase: "answering" } : m;
        }),
      };
    },
  ],
  [
    "C50",
    "keeps the reasons of a level that was taken back",
    "reasons of none were touched, 101 of list",
    () => ({ says: instead("touchRated", (m) => ({ ...m, reasons: [101], reasonList: "conformance" })) }),
  ],
  [
    "C51",
    "tells the end of the time as a confirmation",
    "told as confirmed, timeUp would be right",
    () => ({ says: instead("touchRated", (m) => ({ ...m, completed: "confirmed" })) }),
  ],
  ["C52", "drops a level that was touched", "no touchRated came", () => ({ says: instead("touchRated", () => STATUS) })],
  [
    "C53",
    "seals though nobody is paired",
    "it sealed something, and nothing was written",
    () => ({ says: instead("touchRated", (m) => ({ ...m, sealed: new Uint8Array(60).fill(1), sealedFor: new Uint8Array(8).fill(1) })) }),
  ],
  [
    "C55",
    "refuses what it does not have as if it were busy",
    "refused openTouchRating with notReady",
    () => ({ says: instead("refused", (m) => ({ ...m, reason: "notReady" })) }),
  ],
  [
    "C56",
    "drops what comes early",
    "no ack told that 3 frames had come",
    () => {
      let [session, next] = [0, 0];
      return {
        hears: (frame) => {
          if (frame.session !== session) [session, next] = [frame.session, 0];
          if (!isSequenced(frame)) return frame;
          if (frame.sequence > next) return undefined;
          next = Math.max(next, frame.sequence + 1);
          return frame;
        },
      };
    },
  ],
  [
    "C57",
    "refuses a test with another reason",
    "refused a test with storeFull",
    () => ({ says: instead("refused", (m) => ({ ...m, reason: "storeFull" })) }),
  ],
  [
    "C57",
    "does not tell that it tests",
    "while a test is shown its phase is idle",
    () => ({ says: instead("status", (m) => ({ ...m, phase: m.phase === "testing" ? "idle" : m.phase })) }),
  ],
  ["C57k", "does not tell the keys", "no status came", () => ({ says: instead("status", (m) => ({ ...m, keysDown: 0 })) })],
  [
    "C58",
    "takes an old release",
    "it wanted bytes of firmware that nobody signed",
    () => ({
      hears: instead("offerFirmware", (m) => ({
        type: "offerAsset",
        transfer: m.transfer,
        name: "image",
        kind: "png",
        size: m.size,
        hash: m.hash,
      })),
    }),
  ],
  [
    "C59",
    "says that a bad signature is somebody else's",
    "ended with unknownSigner",
    () => ({ says: instead("transferEnded", (m) => ({ ...m, outcome: "unknownSigner" })) }),
  ],
  ["C60", "miscounts its lines", "it counts", () => ({ says: instead("logLines", (m) => ({ ...m, count: m.count + 1 })) })],
  [
    "C60",
    "begins at its oldest line whatever is asked",
    "on it began at 1",
    () => ({ says: instead("logLines", (m) => ({ ...m, from: 1, count: 1, text: "started\n" })) }),
  ],
];

const rating = ({ eventNo, requestId, unixMs, bootCount }: Message<"timedOut">): Omit<Message<"touchRated">, "completed"> => ({
  ...{ type: "touchRated", eventNo, requestId, unixMs, bootCount, level: 5, reasonList: "", reasons: [], sealed: new Uint8Array(0) },
  ...{ sealedFor: new Uint8Array(8), language: "zh-CN", sinceOpenMs: 1 },
});

const itemOf = (id: string): Item => ITEMS.find((item) => item.id === id) as Item;
/** Files and screens are for a pad that has them. */
const profileFor = (id: string): string =>
  Number.parseInt(id.slice(1), 10) >= 40 && !["C55", "C57k"].includes(id) ? "generic/touchscreen" : "generic/five-button";

test.each(FAULTS)("%s finds out a pad that %s", async (id, _, why, make) => {
  const outcome = await tried(itemOf(id), { profileId: profileFor(id), fault: make() });
  expect(outcome).toMatchObject({ id, is: "failed", why: expect.stringContaining(why) });
});

test("a pad that only changes how its frames are written, and no word of them, is let pass", async () => {
  const same: Change = (frame) => ({ ...frame, type: MESSAGES[messageName(frame.type) ?? "ack"].id });
  const outcome = await tried(itemOf("C20"), { profileId: profileFor("C20"), fault: { says: same, hears: same } });
  expect(outcome).toMatchObject({ is: "passed" });
});
