import { ed25519 } from "@noble/curves/ed25519.js";
import { declarationOf } from "../messages.ts";
import { TEST_PAD } from "./conversation.ts";
import { Exchange, type ExchangeSetUp, type RecordedExchange } from "./exchange.ts";
import { PAIRING_KEY } from "./security-vectors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { assetOf, imageOf, MAKER_SEED } from "./transfer-rig.ts";

const SET_UP: ExchangeSetUp = {
  limits: { maxFrame: 254, window: 2 },
  takes: {
    assets: { kinds: ["png", "jpeg", "wav"], maxBytes: 2000, capacityBytes: 3000 },
    firmware: { model: TEST_PAD.model, release: 3, maxBytes: 2000, makerKeys: [ed25519.getPublicKey(MAKER_SEED)] },
  },
};

const PICTURE = new SeededRandom(5).bytes(900);
const PHOTO = assetOf("photo/1001", PICTURE);
const IMAGE = new SeededRandom(6).bytes(700);

/** Two of the four chunks of the picture are on the pad by then, milliseconds behind its offer. */
const AMID = 22;

const asset = (): RecordedExchange => {
  const it = new Exchange(301, { ...SET_UP, key: PAIRING_KEY }).begin();
  it.host({ is: "put", file: PHOTO, bytes: PICTURE });
  it.wait(400);
  it.expect("host", "ended photo/1001 complete");
  it.say({ type: "askAsset", place: 0 }, { type: "askAsset", place: 1 });
  it.host({ is: "put", file: PHOTO, bytes: PICTURE });
  it.wait(200);
  it.say({ type: "dropAsset", name: "photo/1001" }, { type: "askAsset", place: 0 });
  it.expect("pad", "drop photo/1001 done");
  return it.end(
    "an asset is brought, asked for, offered again and dropped",
    "A picture in chunks over a paired session; heldAsset tells of it and of the empty place behind it; offered again it is complete at once; then the pad forgets it.",
  );
};

const resumed = (): RecordedExchange => {
  const it = new Exchange(302, SET_UP).begin();
  it.host({ is: "put", file: PHOTO, bytes: PICTURE });
  it.wait(AMID);
  it.expect("pad", '"type":"chunk"');
  it.pad({ is: "powerLost", lostBytes: 40 });
  it.toPad.clear();
  it.wait(300);
  it.power({ bootCount: 2 });
  it.wait(600);
  it.expect("host", '"offset":432');
  it.expect("host", "ended photo/1001 complete");
  return it.end(
    "an asset goes on where a loss of power has cut it",
    "The pad loses its power amid the chunks, and with it the last 40 bytes. It starts, gets the offer again, wants the rest from where it is, and has the whole file.",
  );
};

const damaged = (): RecordedExchange => {
  const it = new Exchange(303, SET_UP).begin();
  it.host({ is: "put", file: PHOTO, bytes: PICTURE });
  it.wait(AMID);
  it.cable("out");
  it.wait(3000);
  it.pad({ is: "damaged", place: 3 });
  it.cable("in");
  it.wait(1800);
  it.expect("host", "wrongHash");
  it.expect("host", "ended photo/1001 complete");
  return it.end(
    "an asset whose half was damaged while the cable was out is sent a second time",
    "The cable is pulled amid the chunks, and one bit of what the pad has turns over. The rest comes, the hash is wrong, and the file is brought once more from its first byte.",
  );
};

const refusedAssets = (): RecordedExchange => {
  const it = new Exchange(304, SET_UP).begin();
  it.host({ is: "put", file: assetOf("logo", new SeededRandom(7).bytes(2001)), bytes: new SeededRandom(7).bytes(2001) });
  it.wait(150);
  it.host({ is: "put", file: { ...assetOf("language/bo", PICTURE), kind: "json" }, bytes: PICTURE });
  it.wait(150);
  it.expect("host", "ended logo noRoom");
  it.expect("host", "ended language/bo unsupported");
  return it.end(
    "assets that the pad does not take",
    "One is too large (noRoom), one is of a kind that the pad has no use for (unsupported).",
  );
};

const firmware = (): RecordedExchange => {
  const it = new Exchange(305, { ...SET_UP, key: PAIRING_KEY }).begin();
  const image = imageOf(IMAGE, { version: "1.1.0", release: 4 });
  it.host({ is: "put", file: image, bytes: IMAGE });
  it.wait(500);
  it.expect("host", "ended firmware 1.1.0 complete");
  it.say({ type: "installFirmware", hash: image.hash });
  it.pad({ is: "powerLost", lostBytes: 0 });
  it.wait(300);
  it.power({ bootCount: 2, firmware: "1.1.0" });
  it.wait(400);
  it.report({ type: "booted", eventNo: 1, bootCount: 2, cause: "update" });
  it.say({ type: "stored", eventNo: 1 });
  it.report({ type: "updated", eventNo: 2, outcome: "kept", version: "1.1.0", release: 4 });
  it.say({ type: "stored", eventNo: 2 });
  return it.end(
    "firmware is offered, brought, installed and kept",
    "A signed image of a higher release in chunks; installFirmware; the pad starts with it, and tells booted (update) and updated (kept).",
  );
};

const refusedFirmware = (): RecordedExchange => {
  const it = new Exchange(306, SET_UP).begin();
  const good = { version: "2.0.0", release: 9 };
  const wrongSignature = { ...imageOf(IMAGE, { ...good, version: "2.0.1" }), signature: imageOf(IMAGE, good).signature };
  const unknown = { ...imageOf(IMAGE, { ...good, version: "2.0.2" }), signer: new Uint8Array(8).fill(7) };
  const offers = [
    ["downgrade", imageOf(IMAGE, { version: "0.9.0", release: 3 })],
    ["wrongModel", imageOf(IMAGE, { ...good, model: "other/pad" })],
    ["wrongSignature", wrongSignature],
    ["unknownSigner", unknown],
  ] as const;
  for (const [outcome, file] of offers) {
    it.host({ is: "put", file, bytes: IMAGE });
    it.wait(150);
    it.expect("host", `ended firmware ${file.version} ${outcome}`);
  }
  it.say({ type: "installFirmware", hash: offers[0][1].hash });
  const refused = {
    type: "refused",
    command: declarationOf("installFirmware").id,
    requestId: new Uint8Array(16),
    reason: "unsupported",
  } as const;
  it.report(refused);
  return it.end(
    "firmware that the pad refuses",
    "A release that is not higher than the one that runs (downgrade), another model, a signature of another image, a signer that the pad does not know: not a byte of any is wanted. To install one of them is refused.",
  );
};

const withdrawn = (): RecordedExchange => {
  const it = new Exchange(307, SET_UP).begin();
  const larger = new SeededRandom(8).bytes(1600);
  it.host({ is: "put", file: assetOf("photo/1001", larger), bytes: larger });
  it.wait(AMID);
  it.host({ is: "put", file: assetOf("photo/1001", IMAGE), bytes: IMAGE });
  it.wait(600);
  it.expect("host", "ended photo/1001 withdrawn");
  it.expect("host", "ended photo/1001 complete");
  return it.end(
    "an asset gives way to another of its name",
    "Amid the chunks of a photo another one takes its place: endTransfer, and the pad has the new one.",
  );
};

export const recordTransfers = (): readonly RecordedExchange[] => [
  asset(),
  resumed(),
  damaged(),
  refusedAssets(),
  firmware(),
  refusedFirmware(),
  withdrawn(),
];
