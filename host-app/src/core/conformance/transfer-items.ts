import { createHash } from "node:crypto";
import { CAPABILITIES, type Capability, type Message } from "@window-rating/protocol/pad";
import type { Bench, Item } from "./item.ts";
import { must, type Probe } from "./probe.ts";
import { begin } from "./rating-items.ts";

const NAME = "conformance/probe";
const CHUNK = 200;
/** Room to erase a flash and to hash what is on it. */
const ANSWER_WITHIN_MS = 60_000;

/** Why an item cannot be tried: the pad does not have that. */
export const lacks =
  (capability: Capability) =>
  ({ probe }: Bench): string | undefined =>
    probe.pad !== undefined && (probe.pad.capabilities & CAPABILITIES[capability]) === 0 ? `the pad has no ${capability}` : undefined;

const hashOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A JSON text of about that length, and of another content each time. */
const fileOf = (probe: Probe, length: number): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(Buffer.from(probe.random(Math.ceil(length / 2))).toString("hex")));

let transfers = 0;

/** Offers a file and gives what the pad answers. */
const offer = async (probe: Probe, bytes: Uint8Array, hash = hashOf(bytes), name = NAME): Promise<Message<"wanted" | "transferEnded">> => {
  transfers = (transfers % 0xffff) + 1;
  const transfer = transfers;
  const since = probe.heard.length;
  await probe.command({ type: "offerAsset", transfer, name, kind: "json", size: bytes.length, hash });
  return answer(probe, transfer, since);
};

/** What the pad says of a transfer. @throws Departure if it says nothing */
const answer = async (probe: Probe, transfer: number, since: number): Promise<Message<"wanted" | "transferEnded">> => {
  const isOurs = (message: { readonly transfer: number }) => message.transfer === transfer;
  const find = () =>
    probe
      .reports(since)
      .find(
        (report): report is Message<"wanted" | "transferEnded"> =>
          (report.type === "wanted" || report.type === "transferEnded") && isOurs(report),
      );
  await probe.until(() => find() !== undefined, ANSWER_WITHIN_MS);
  const found = find();
  must(found !== undefined, `it said nothing of transfer ${transfer} within ${ANSWER_WITHIN_MS} ms`);
  return found;
};

const wantedAt = (message: Message<"wanted" | "transferEnded">, offset: number): void => {
  must(message.type === "wanted", `it ended the transfer with ${message.type === "transferEnded" ? message.outcome : ""}`);
  must(message.offset === offset, `it wanted the bytes from ${message.offset} on, ${offset} would be right`);
};

const sendFrom = async (probe: Probe, transfer: number, bytes: Uint8Array, from: number, to = bytes.length): Promise<void> => {
  for (let offset = from; offset < to; offset += CHUNK) {
    await probe.command({ type: "chunk", transfer, offset, data: bytes.slice(offset, Math.min(to, offset + CHUNK)) });
  }
};

/** Sends all of a JSON file and gives how that ended. */
export const bring = async (probe: Probe, bytes: Uint8Array, hash = hashOf(bytes), name = NAME): Promise<string> => {
  const first = await offer(probe, bytes, hash, name);
  if (first.type === "transferEnded") return first.outcome;
  wantedAt(first, 0);
  const since = probe.heard.length;
  await sendFrom(probe, first.transfer, bytes, 0);
  const last = await answer(probe, first.transfer, since);
  must(last.type === "transferEnded", "it wanted bytes after it had all of them");
  return last.outcome;
};

const drop = (probe: Probe): Promise<void> => probe.command({ type: "dropAsset", name: NAME });

/** The asset of these tests as the pad tells it; undefined if it has none. */
const held = async (probe: Probe): Promise<Message<"heldAsset"> | undefined> => {
  for (let place = 0, count = 1; place < count; place++) {
    const since = probe.heard.length;
    await probe.command({ type: "askAsset", place });
    const found = await probe.report("heldAsset", { within: 2000, since, where: (message) => message.place === place });
    if (found.name === NAME) return found;
    count = found.count;
  }
  return undefined;
};

const isOf = (asset: Message<"heldAsset"> | undefined, bytes: Uint8Array): boolean =>
  asset !== undefined && asset.size === bytes.length && Buffer.from(asset.hash).equals(hashOf(bytes));

interface Claim {
  readonly model?: string;
  readonly release?: number;
  readonly signer?: Uint8Array;
}

/** Offers firmware that no pad may take, for it is signed with nothing. @param claim default: the newest, for this pad, of an unknown signer */
const offerImage = async (probe: Probe, transfer: number, claim: Claim): Promise<string> => {
  const since = probe.heard.length;
  const { model = probe.pad?.model ?? "", release = 0xffff_ffff, signer = probe.random(8) } = claim;
  await probe.command({
    type: "offerFirmware",
    transfer,
    model,
    version: "conformance",
    release,
    size: 1000,
    hash: probe.random(32),
    signer,
    signature: probe.random(64),
  });
  const told = await answer(probe, transfer, since);
  must(told.type === "transferEnded", "it wanted bytes of firmware that nobody signed");
  return told.outcome;
};

export const TRANSFER_ITEMS: readonly Item[] = [
  {
    id: "C40",
    needs: [],
    unless: lacks("assets"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      const bytes = fileOf(probe, 3000);
      const outcome = await bring(probe, bytes);
      must(outcome === "complete", `the transfer of a good file ended with ${outcome}`);
      must(isOf(await held(probe), bytes), "heldAsset does not tell the file that was brought, with its size and hash");
      const again = await offer(probe, bytes);
      must(again.type === "transferEnded" && again.outcome === "complete", "it wanted a file that it has");
      await drop(probe);
      must((await held(probe)) === undefined, "the asset was there after dropAsset");
    },
  },
  {
    id: "C41",
    needs: [],
    unless: lacks("assets"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      await drop(probe);
      const bytes = fileOf(probe, 3000);
      const first = await offer(probe, bytes);
      wantedAt(first, 0);
      await sendFrom(probe, first.transfer, bytes, 0, 5 * CHUNK);
      await begin(bench);
      const second = await offer(probe, bytes);
      wantedAt(second, 5 * CHUNK);
      const since = probe.heard.length;
      await sendFrom(probe, second.transfer, bytes, 5 * CHUNK, 8 * CHUNK);
      must(!probe.reports(since).some(({ type }) => type === "transferEnded"), "it ended a transfer that was not complete");
      const other = fileOf(probe, 3000);
      wantedAt(await offer(probe, other), 0);
      await drop(probe);
    },
  },
  {
    id: "C42",
    needs: [],
    unless: lacks("assets"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      await drop(probe);
      const bytes = fileOf(probe, 3000);
      const first = await offer(probe, bytes);
      wantedAt(first, 0);
      const since = probe.heard.length;
      await sendFrom(probe, first.transfer, bytes, 4 * CHUNK, 8 * CHUNK);
      await probe.pause(1000);
      const asked = probe.reports(since).filter((report): report is Message<"wanted"> => report.type === "wanted");
      must(asked.length === 1, `after four chunks out of their place it said wanted ${asked.length} times, once would be right`);
      must(asked[0]?.offset === 0, `it wanted the bytes from ${asked[0]?.offset} on, of which it had none`);
      const before = probe.heard.length;
      await sendFrom(probe, first.transfer, bytes, 0);
      const last = await answer(probe, first.transfer, before);
      must(last.type === "transferEnded" && last.outcome === "complete", "the file did not come whole after chunks out of their place");
      await drop(probe);
    },
  },
  {
    id: "C43",
    needs: [],
    unless: lacks("assets"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      const good = fileOf(probe, 1000);
      const outcome = await bring(probe, good);
      must(outcome === "complete", `the transfer of a good file ended with ${outcome}`);
      const wrong = await bring(probe, fileOf(probe, 1000), probe.random(32));
      must(wrong === "wrongHash", `the transfer of a file with a wrong hash ended with ${wrong}`);
      must(isOf(await held(probe), good), "the file before did not stay");
      await drop(probe);
    },
  },
  {
    id: "C44",
    needs: [],
    unless: lacks("firmwareUpdate"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      const outcome = await offerImage(probe, 1, { model: "conformance/other-model" });
      must(outcome === "wrongModel", `firmware for another model ended with ${outcome}`);
      const unknown = await offerImage(probe, 2, {});
      must(unknown === "unknownSigner", `firmware of an unknown signer ended with ${unknown}`);
    },
  },
  {
    id: "C45",
    needs: [],
    unless: lacks("firmwareUpdate"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      const since = probe.heard.length;
      await probe.command({ type: "installFirmware", hash: probe.random(32) });
      const refused = await probe.report("refused", { within: 2000, since });
      must(refused.reason === "unsupported", `it refused with ${refused.reason}`);
    },
  },
  {
    id: "C58",
    needs: [],
    unless: lacks("firmwareUpdate"),
    async run(bench) {
      const { probe } = bench;
      await begin(bench);
      // No release is lower, so that every firmware that runs is as new.
      const outcome = await offerImage(probe, 1, { release: 1 });
      must(outcome === "downgrade", `firmware that is not newer than its own ended with ${outcome}`);
    },
  },
  {
    id: "C59",
    needs: [],
    unless: (bench) =>
      lacks("firmwareUpdate")(bench) ??
      (bench.signer === undefined ? "no maker is known whose firmware it takes: name a signed image with --image" : undefined),
    async run(bench) {
      const { probe, signer } = bench;
      must(signer !== undefined, "no maker is known");
      await begin(bench);
      const outcome = await offerImage(probe, 1, { signer });
      must(outcome === "wrongSignature", `firmware that its maker did not sign ended with ${outcome}`);
    },
  },
];
