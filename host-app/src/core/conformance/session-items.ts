import { encodePayload, MESSAGES } from "@window-rating/protocol/pad";
import type { Item } from "./item.ts";
import { Departure, must, type Probe } from "./probe.ts";

/** A pad without a session: said goodbye to, and knocking. */
const unjoin = async (probe: Probe): Promise<void> => {
  if (probe.session !== 0) probe.send({ type: "bye", cause: "shutdown" });
  probe.session = 0;
  probe.keepsAlive = false;
  must((await probe.wait("knock", { within: 4000 })) !== undefined, "no knock came within 4 s of a bye");
};

/** Whether it answers a ping in the present session. */
export const answersPing = async (probe: Probe, token: number, within = 1500): Promise<boolean> => {
  const since = probe.heard.length;
  probe.send({ type: "ping", token });
  return (await probe.wait("pong", { within, since, where: (pong) => pong.token === token })) !== undefined;
};

export const SESSION_ITEMS: readonly Item[] = [
  {
    id: "C1",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      await unjoin(probe);
      const since = probe.heard.length;
      await probe.pause(4200);
      const heard = probe.heard.slice(since);
      const knocks = heard.filter(({ type }) => type === "knock");
      must(heard.length === knocks.length, `without a session it sent ${heard.find(({ type }) => type !== "knock")?.type}`);
      must(knocks.length >= 2, `${knocks.length} knocks came in 4.2 s`);
      must(
        knocks.every(({ session }) => session === 0),
        "a knock named a session",
      );
      const gaps = knocks.slice(1).map(({ at }, index) => at - (knocks[index]?.at ?? 0));
      must(
        gaps.every((gap) => gap > 400 && gap < 2200),
        `knocks came ${gaps.map(Math.round).join(", ")} ms apart`,
      );
    },
  },
  {
    id: "C2",
    needs: [],
    async run({ probe }) {
      const nonce = probe.random(8);
      await probe.hello({ nonce });
      const { session } = probe;
      await probe.command({ type: "challenge", nonce: probe.random(16) });
      const since = probe.heard.length;
      probe.send({ type: "hello", nonce, minVersion: 1, maxVersion: 1, maxFrame: 4096, window: 1 });
      const again = await probe.wait("helloAnswer", { within: 1500, since });
      must(again !== undefined, "a repeated hello was not answered");
      must(
        again.nonce.every((byte, index) => byte === nonce[index]),
        "the answer has another nonce than the hello",
      );
      must(
        probe.heard.slice(since).every((one) => one.session === session || one.session === 0),
        "the answer came in another session than the hello",
      );
      // The numbers go on: ready has number 1. A pad that had started anew would expect 0 and drop it.
      await probe.command({ type: "ready", secured: false, proof: new Uint8Array(16) });
      await probe.report("status", { within: 1500, since });
    },
  },
  {
    id: "C3",
    needs: [],
    async run({ probe }) {
      const pad = await probe.hello({ minVersion: 14, maxVersion: 15 });
      must(pad.version === 0, `it answered version ${pad.version} to a host that speaks 14 and 15`);
      must(pad.minVersion >= 1 && pad.minVersion <= pad.maxVersion, "its own range is none");
      const since = probe.heard.length;
      probe.send({ type: "challenge", nonce: probe.random(16) }, { sequence: 0 });
      must((await probe.wait("challengeAnswer", { within: 800, since })) === undefined, "it opened a session all the same");
    },
  },
  {
    id: "C9",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      must(await answersPing(probe, 0x1234), "a ping was not answered");
      probe.keepsAlive = false;
      probe.acknowledges = false;
      await probe.pause(300);
      const from = probe.now;
      const since = probe.heard.length;
      const knock = await probe.wait("knock", { within: 4500, since });
      must(knock !== undefined, "it did not give the session up in 4.5 s of silence");
      must(probe.now - from > 1200, `it gave the session up after ${Math.round(probe.now - from)} ms of silence`);
    },
  },
  {
    id: "C24",
    needs: [],
    async run({ probe }) {
      await probe.ready();
      const old = probe.session;
      const oldNumber = probe.next;
      await probe.ready();
      must(probe.session !== old, "the tester chose the same session");
      const since = probe.heard.length;
      const payload = encodePayload({ type: "askStatus" }).slice();
      probe.write(probe.frame(MESSAGES.askStatus.id, payload, { session: old, sequence: oldNumber & 0xff }));
      await probe.pause(700);
      const stale = probe.heard.slice(since).find(({ session, type }) => session === old && type !== "bye");
      must(stale === undefined, `it still sent ${stale?.type} in the old session`);
      must((await probe.status()) !== undefined, "the new session does not work");
    },
  },
  {
    id: "C25",
    needs: [],
    async run({ probe }) {
      await probe.hello();
      const since = probe.heard.length;
      must((await probe.wait("knock", { within: 7500, since })) !== undefined, "pings alone kept a half-made session alive for 7.5 s");
    },
  },
];

/** C1 at power on: what comes before anything was said to it. */
export const KNOCKS_AT_POWER_ON: Item = {
  id: "C1p",
  needs: ["power"],
  async run({ probe, person }) {
    await person.cutPower();
    probe.session = 0;
    const since = probe.heard.length;
    await person.restorePower();
    const knock = await probe.wait("knock", { within: 5000, since });
    if (knock === undefined) throw new Departure("no knock came within 5 s of power");
  },
};
