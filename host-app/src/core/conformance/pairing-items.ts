import {
  CAPABILITIES,
  HostPairing,
  type HostPairingEffect,
  keyIdOf,
  MESSAGES,
  type Report,
  SECURED_FLAG,
} from "@window-rating/protocol/pad";
import type { Bench, Item } from "./item.ts";
import { Requests } from "./ours.ts";
import { must, type Probe } from "./probe.ts";
import { answersPing } from "./session-items.ts";

/** Room for a person to find the key, to write a code down, and for the pad to compute. */
const OFFER_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 5000;

const without = ({ probe }: Bench): string | undefined =>
  probe.pad !== undefined && (probe.pad.capabilities & CAPABILITIES.pairing) === 0 ? "the pad has no pairing" : undefined;

type Carried = Extract<HostPairingEffect, { is: "send" }>["message"];
const commandsIn = (effects: readonly HostPairingEffect[]): Carried[] =>
  effects.flatMap((effect) => (effect.is === "send" ? [effect.message] : []));

/** The host's part of a pairing in the hands of the tester, as far as the pad's nonce. */
const begin = async ({ probe, person }: Bench): Promise<HostPairing> => {
  const pairing = new HostPairing((length) => probe.random(length));
  pairing.step({ is: "asked" }, probe.now);
  // A pad offers while nothing is shown; the thanks of an item before may still be.
  await probe.command({ type: "idle" });
  const since = probe.heard.length;
  await person.holdPairingKey();
  const offer = await probe.report("pairingOffer", { within: OFFER_WITHIN_MS, since });
  for (const command of commandsIn(take(pairing, probe, offer))) await probe.command(command);
  const reveal = await probe.report("pairingReveal", { within: ANSWER_WITHIN_MS, since });
  const effects = take(pairing, probe, reveal);
  must(
    effects.some(({ is }) => is === "ask"),
    "the nonce that it revealed is not the one that it was bound to",
  );
  return pairing;
};

const take = (pairing: HostPairing, probe: Probe, message: Report): readonly HostPairingEffect[] => {
  must(probe.pad !== undefined, "no pad answered");
  return pairing.step({ is: "report", pad: probe.pad, message }, probe.now);
};

/** Pairs the pad, and leaves a secured session. @throws Departure if the code or the proof is not right */
const pair = async (bench: Bench): Promise<void> => {
  const { probe, person } = bench;
  await probe.ready();
  const pairing = await begin(bench);
  const typed = pairing.step({ is: "typed", code: await person.readCode() }, probe.now);
  const kept = typed.find((effect) => effect.is === "keep");
  must(kept !== undefined, "the code that it showed is not the one of this exchange");
  for (const command of commandsIn(typed)) await probe.command(command);
  const since = probe.heard.length;
  await probe.pause(1500);
  must(!probe.heard.slice(since).some(({ type }) => type === "bye" || type === "knock"), "it ended the session before its key was pressed");
  await person.press(3);
  must((await probe.wait("bye", { within: OFFER_WITHIN_MS, since })) !== undefined, "no bye came when its key was pressed");
  await probe.ready({}, kept.key);
  probe.pairingKey = kept.key;
};

/** A pad that is paired with the tester, in a secured session. */
export const paired = async (bench: Bench): Promise<Requests> => {
  if (bench.probe.pairingKey === undefined) await pair(bench);
  else await bench.probe.ready();
  return new Requests(bench.probe);
};

export const PAIRING_ITEMS: readonly Item[] = [
  {
    id: "C32",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      await probe.ready();
      const pairing = await begin(bench);
      must((await probe.status()).phase === "pairing", "its status does not say that it shows a pairing");
      for (const command of commandsIn(pairing.step({ is: "cancelled" }, probe.now))) await probe.command(command);
      must((await probe.status()).phase === "idle", "it still shows the pairing that was cancelled");
      const since = probe.heard.length;
      await probe.command({ type: "pairingConfirm", proof: probe.random(16) });
      const ended = await probe.report("pairingEnded", { within: ANSWER_WITHIN_MS, since });
      must(ended.cause === "notOffered", `to a confirmation of nothing it answered ${ended.cause}`);
    },
  },
  {
    id: "C33",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      await paired(bench);
      must(probe.pad?.paired === true, "its helloAnswer does not say that it is paired");
      must((await probe.status()) !== undefined, "the secured session does not work");
    },
  },
  {
    id: "C34",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      const requests = await paired(bench);
      await probe.hello();
      await probe.command({ type: "challenge", nonce: probe.random(16) });
      await probe.command({ type: "ready", secured: false, proof: new Uint8Array(16) });
      const since = probe.heard.length;
      await probe.command({ type: "openRating", requestId: requests.newId(), timeoutMs: 1000, voice: 0, labels: [] });
      const refused = await probe.report("refused", { within: 2000, since });
      must(refused.reason === "notPaired", `it refused with ${refused.reason}`);
      await probe.pause(2500);
      const said = probe.reports(since).find(({ type }) => type !== "refused");
      must(said === undefined, `in a session without proofs it sent ${said?.type}`);
    },
  },
  {
    id: "C35",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      const requests = await paired(bench);
      await requests.drain();
      const { next, session } = probe;
      const type = MESSAGES.identify.id;
      const payload = Uint8Array.of(1, 0);
      const sealed = (number: number) => probe.sealed(type, number, payload);
      const write = (bytes: Uint8Array, number: number, flags = SECURED_FLAG) =>
        probe.write(probe.frame(type, bytes, { flags, session, sequence: number & 0xff }));
      const since = probe.heard.length;
      // A frame that is dropped is not acknowledged as the one that comes next.
      write(payload, next, 0);
      write(
        sealed(next).map((byte, index, all) => (index === all.length - 1 ? byte ^ 1 : byte)),
        next,
      );
      write(
        sealed(next).map((byte, index) => (index === 0 ? byte ^ 1 : byte)),
        next,
      );
      write(sealed(next + 256), next);
      await probe.pause(600);
      must(await answersPing(probe, 0x4321), "it gave the session up");
      must(((probe.acknowledged - next) & 0xff) === 0, "it took a frame that nobody who has the key has sent");
      await probe.command({ type: "askStatus" });
      await probe.report("status", { within: 1500, since });
    },
  },
  {
    id: "C36",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      await paired(bench);
      await begin(bench);
      const since = probe.heard.length;
      await probe.command({ type: "pairingConfirm", proof: probe.random(16) });
      const ended = await probe.report("pairingEnded", { within: ANSWER_WITHIN_MS, since });
      must(ended.cause === "wrongProof", `to a wrong proof it answered ${ended.cause}`);
      await probe.ready();
      await begin(bench);
      // A new session ends the pairing; that it stands proves the key.
      await probe.ready();
    },
  },
  {
    id: "C37",
    needs: ["pairing", "power"],
    unless: without,
    async run(bench) {
      const { probe, person } = bench;
      await paired(bench);
      await person.cutPower();
      probe.session = 0;
      await person.restorePower();
      must((await probe.wait("knock", { within: 30_000 })) !== undefined, "no knock came when power was back");
      await probe.ready();
    },
  },
  {
    id: "C38",
    needs: ["pairing"],
    unless: without,
    async run(bench) {
      const { probe } = bench;
      await paired(bench);
      await probe.command({ type: "unpair", keyId: probe.random(8) });
      await probe.ready();
      const since = probe.heard.length;
      await probe.command({ type: "unpair", keyId: keyIdOf(probe.pairingKey as Uint8Array) });
      probe.pairingKey = undefined;
      must((await probe.wait("bye", { within: 2000, since })) !== undefined, "no bye came when it was unpaired");
      const pad = await probe.ready();
      must(!pad.paired, "it says that it is still paired");
      must((await probe.status()) !== undefined, "the session of the unpaired pad does not work");
    },
  },
  {
    id: "C39",
    needs: [],
    async run({ probe }) {
      await probe.hello();
      const since = probe.heard.length;
      await probe.deliver(MESSAGES.ready.id, new Uint8Array(17), "ready").catch(() => undefined);
      await probe.pause(500);
      const said = probe.reports(since)[0];
      must(said === undefined, `it sent ${said?.type} in a session in which it was asked for no proof`);
    },
  },
];
