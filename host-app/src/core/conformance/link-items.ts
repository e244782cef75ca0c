import { readFileSync } from "node:fs";
import { encodePayload, MESSAGES, type Message } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { Departure, must, type Probe } from "./probe.ts";
import { answersPing } from "./session-items.ts";

const ping = (token: number): Uint8Array => encodePayload({ type: "ping", token }).slice();
const PING = MESSAGES.ping.id;

/** A frame with one bit of its wire form turned over; never so that it becomes a delimiter. */
const flipped = (wire: Uint8Array, at: number): Uint8Array => {
  const changed = wire.slice();
  const byte = changed[at] as number;
  changed[at] = byte === 0x01 ? 0x03 : byte ^ 0x01;
  return changed;
};

/** From here on nothing comes but answers: no pings of ours, and what was under way has arrived. */
const fallSilent = async (probe: Probe): Promise<void> => {
  probe.keepsAlive = false;
  await probe.pause(300);
};

const neverAnswered = async (probe: Probe, bytes: Uint8Array, what: string): Promise<void> => {
  const since = probe.heard.length;
  probe.write(bytes);
  await probe.pause(200);
  // A bare ack is allowed: it asks for what may have been damaged on the way.
  const answer = probe.heard.slice(since).find(({ type }) => type === "pong" || type === "bye" || type === "refused");
  must(answer === undefined, `it answered ${answer?.type} to ${what}`);
  // So many bad frames in a row are silence to the pad.
  must(await answersPing(probe, 0x6666), `after ${what} it did not answer a good frame`);
};

interface BadFrame {
  readonly name: string;
  readonly wire: string;
}

const badFrames = (): readonly BadFrame[] => {
  const file = import.meta.resolve("@window-rating/protocol/vectors/frames.json");
  return (JSON.parse(readFileSync(new URL(file), "utf8")) as { bad: readonly BadFrame[] }).bad;
};

export const LINK_ITEMS: readonly Item[] = [
  {
    id: "C4",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      const noise = Uint8Array.from(probe.random(200), (byte) => byte | 1);
      const since = probe.heard.length;
      probe.write(Uint8Array.of(...noise, ...probe.frame(PING, ping(0x2222))));
      must(
        (await probe.wait("pong", { within: 1500, since, where: ({ token }) => token === 0x2222 })) !== undefined,
        "the frame behind 200 bytes of noise and a delimiter was lost",
      );
    },
  },
  {
    id: "C5",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      const since = probe.heard.length;
      await probe.trickle(probe.frame(PING, ping(0x3331)), 3);
      probe.write(Uint8Array.of(...[0x3332, 0x3333, 0x3334].flatMap((token) => [...probe.frame(PING, ping(token))])));
      for (const token of [0x3331, 0x3332, 0x3333, 0x3334]) {
        const pong = await probe.wait("pong", { within: 4000, since, where: (one) => one.token === token });
        must(
          pong !== undefined,
          token === 0x3331 ? "a frame that came byte by byte was lost" : "one of three frames in one write was lost",
        );
      }
    },
  },
  {
    id: "C6",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await fallSilent(probe);
      const good = probe.frame(PING, ping(0x4444));
      await neverAnswered(probe, flipped(good, good.length - 3), "a frame with a wrong CRC");
      await neverAnswered(probe, Uint8Array.of(0, ...good.subarray(1, 6), 0), "a frame that was cut");
      await neverAnswered(probe, probe.frame(PING, ping(1), { flags: 1 }), "a frame with an unknown flag");
      await neverAnswered(probe, probe.frame(PING, ping(1), { session: (probe.session % 0xffff) + 1 }), "a frame of another session");
      must(await answersPing(probe, 0x4445), "after bad frames it did not answer a good one");
    },
  },
  {
    id: "C7",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await probe.status();
      const number = (probe.next - 1) & 0xff;
      // A pong would acknowledge as well.
      probe.keepsAlive = false;
      await probe.pause(300);
      const since = probe.heard.length;
      probe.write(probe.frame(MESSAGES.askStatus.id, new Uint8Array(0), { sequence: number }));
      must(
        await probe.until(
          () =>
            probe.heard
              .slice(since)
              .some(({ acknowledgement, session }) => session === probe.session && acknowledgement === ((number + 1) & 0xff)),
          1500,
        ),
        "a repeated frame was not acknowledged again",
      );
      await probe.pause(400);
      must(!probe.reports(since).some(({ type }) => type === "status"), "a repeated askStatus was obeyed a second time");
    },
  },
  {
    id: "C8",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await probe.pause(300);
      probe.acknowledges = false;
      const number = probe.expected & 0xff;
      const since = probe.heard.length;
      // What it is told says nothing of what arrived: the header's acknowledgement stays.
      await probe.command({ type: "askStatus" });
      const over = () => probe.heard.slice(since).some(({ type }) => type === "knock");
      await probe.until(over, 15_000);
      const times = probe.heard.slice(since).filter(({ sequence, type }) => sequence === number && type === "status").length;
      must(times >= 4, `what was not acknowledged came ${times} times in all`);
      must(over(), "it did not end the session when nothing was acknowledged");
      must(times <= 11, `what was not acknowledged came ${times} times`);
    },
  },
  {
    id: "C10",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await probe.deliver(0x1f, Uint8Array.of(1, 2, 3), "a message with an unknown id");
      await probe.deliver(MESSAGES.stored.id, new Uint8Array(4), "a malformed stored");
      await probe.deliver(MESSAGES.identify.id, Uint8Array.of(1), "an identify that is too short");
      await probe.deliver(MESSAGES.status.id, new Uint8Array(40), "a message in the wrong direction");
      await probe.status();
    },
  },
  {
    id: "C26",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      for (let number = 0; number < 300; number++) {
        const since = probe.heard.length;
        await probe.command({ type: "askStatus" });
        await probe.report("status", { within: 2000, since });
      }
      const statuses = probe.expected;
      must(statuses >= 300, `${statuses} frames of it were counted`);
      await probe.pause(300);
      must(probe.expected - statuses <= 1, "statuses came that nobody asked for");
    },
  },
  {
    id: "C27",
    needs: [],
    async run({ probe, isLong }) {
      await probe.ready();
      const noise = new Uint8Array(4096).fill(0x55);
      for (let sent = 0; sent < (isLong ? 1_048_576 : 65_536); sent += noise.length) {
        probe.write(noise);
        await probe.pause(1);
      }
      probe.write(Uint8Array.of(0));
      const deadline = probe.now + 120_000;
      while (!(await answersPing(probe, 0x7777, 3000))) {
        if (probe.now > deadline) throw new Departure("it did not come back from noise without a delimiter");
        if (probe.heard.slice(-3).some(({ type }) => type === "knock")) await probe.ready();
      }
      await probe.status();
    },
  },
  {
    id: "C28",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await fallSilent(probe);
      for (const { name, wire } of badFrames())
        await neverAnswered(probe, Uint8Array.from(Buffer.from(wire, "hex")), `"${name}" of frames.json`);
      must(await answersPing(probe, 0x2828), "after the frames of frames.json it did not answer a good one");
    },
  },
  {
    id: "C30",
    needs: [],
    async run({ probe }) {
      const { bootCount } = await probe.ready();
      await probe.toggleLines();
      await probe.pause(1500);
      const after: Message<"helloAnswer"> = await probe.ready();
      must(after.bootCount === bootCount, "it started anew when DTR and RTS changed");
    },
  },
];
