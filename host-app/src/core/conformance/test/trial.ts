import { createHash } from "node:crypto";
import { MemoryPort, SimulatedPad } from "@window-rating/firmware-sim";
import { decodePayload, encodePayload, type Frame, FrameReader, FrameWriter, MESSAGES, type Message } from "@window-rating/protocol/pad";
import { vi } from "vitest";
import { SeededBytes } from "../../../../test/seeded-bytes.ts";
import type { Bench, Item, Outcome } from "../item.ts";
import type { Person } from "../person.ts";
import { Probe } from "../probe.ts";
import { makeSureItIsFree, tryItem } from "../run.ts";
import { robotAt } from "./robot.ts";

/** A frame that goes over the line in the place of another; undefined = nothing. */
export type Change = (frame: Frame, message: Message | undefined) => Frame | undefined;

/** What is wrong with a pad, as it shows on its line. */
export interface Fault {
  /** What it sends. */
  readonly says?: Change;
  /** What it understands. */
  readonly hears?: Change;
}

/** The frame with another message in it; it counts as before. */
export const as = (frame: Frame, message: Message): Frame => ({
  ...frame,
  type: MESSAGES[message.type].id,
  payload: encodePayload(message).slice(),
});

const changed = (change: Change | undefined, give: (bytes: Uint8Array) => void): ((chunk: Uint8Array) => void) => {
  if (change === undefined) return give;
  const writer = new FrameWriter(4096);
  const reader = new FrameReader(
    {
      frame(frame) {
        const decoded = decodePayload(frame.type, frame.payload);
        const instead = change(frame, decoded.is === "message" ? decoded.message : undefined);
        if (instead !== undefined) give(writer.encode(instead, instead.payload).slice());
      },
      fault: () => undefined,
    },
    4096,
  );
  return (chunk) => reader.push(chunk);
};

/** Public key of a maker whose firmware the pad takes; nobody has the other half. */
const MAKER = Uint8Array.from({ length: 32 }, (_, index) => index + 1);

export interface Trial {
  readonly profileId: string;
  readonly fault?: Fault;
  /** What DTR and RTS do to the pad; without it the port has no such lines. */
  readonly onLines?: (pad: SimulatedPad) => void;
  readonly person?: (pad: SimulatedPad) => Person;
}

/** Lets a virtual time go from timer to timer until that is done. */
const settled = async <T>(work: Promise<T>): Promise<T> => {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  work.then(end, end);
  while (!isOver) await vi.advanceTimersToNextTimerAsync();
  return work;
};

/** One item on a pad of its own, in a time of its own (`vi.useFakeTimers`). */
export const tried = async (item: Item, trial: Trial): Promise<Outcome> => (await triedInTurn([item], trial))[0] as Outcome;

/** Items on one pad, one after the other. */
export const triedInTurn = (items: readonly Item[], trial: Trial): Promise<readonly Outcome[]> => settled(tryOn(items, trial));

const tryOn = async (items: readonly Item[], { profileId, fault, onLines, person = robotAt }: Trial): Promise<readonly Outcome[]> => {
  const name = items.map(({ id }) => id).join();
  const port = new MemoryPort();
  const firmware = { release: 3, makerKeys: [MAKER] };
  const pad = new SimulatedPad({ port, profileId, firmware, random: new SeededBytes(name).next });
  const random = new SeededBytes(`host ${name}`).next;
  const probe = new Probe({
    async open(bytes) {
      port.host.listen({ bytes: changed(fault?.says, bytes) });
      const write = changed(fault?.hears, (chunk) => port.host.write(chunk));
      const toggleLines = async (): Promise<boolean> => {
        onLines?.(pad);
        return onLines !== undefined;
      };
      return { write, close: async () => undefined, toggleLines };
    },
    random,
    now: () => performance.now(),
  });
  const reopen = async () => {
    await probe.close();
    await probe.open();
  };
  const signer = new Uint8Array(createHash("sha256").update(MAKER).digest().subarray(0, 8));
  const bench: Bench = { probe, person: person(pad), isLong: false, signer, tell: () => undefined, reopen };
  await probe.open();
  try {
    if (fault === undefined) await makeSureItIsFree(bench);
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(await tryItem(item, bench));
    return outcomes;
  } finally {
    await probe.close();
    await pad.close();
  }
};
