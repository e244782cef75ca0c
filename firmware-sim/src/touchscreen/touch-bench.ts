import { contactKeyId, contactPublicKey } from "@window-rating/protocol/contact";
import type { Message } from "@window-rating/protocol/pad";
import { type Level, type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { type BenchOptions, FirmwareBench } from "../firmware/firmware-bench.ts";
import { type Asset, type Assets, NO_ASSETS } from "./assets.ts";
import type { Scene, ScreenShow, Touch, Written } from "./screen.ts";
import { TouchFront } from "./touch-front.ts";

/** Central's key pair for what citizens write. */
export const CENTRAL_KEY = new Uint8Array(32).fill(7);
/** The key that pad and host hold from the start. */
export const PAIRING_KEY = new Uint8Array(32).fill(9);
const publicKey = contactPublicKey(CENTRAL_KEY);

export interface TouchBenchOptions extends Omit<BenchOptions, "makeFront"> {
  readonly assets?: Assets;
  /** Without a pairing there are neither words nor contact. */
  readonly isPaired?: boolean;
}

/** A touchscreen's firmware and a paired host on one wire. For tests only. */
export class TouchBench extends FirmwareBench {
  constructor({ assets = NO_ASSETS, isPaired = true, ...options }: TouchBenchOptions = {}) {
    const key = isPaired ? { key: PAIRING_KEY } : {};
    super({ maxFrame: 1024, ...key, ...options, makeFront: (trunk) => new TouchFront(trunk, assets) });
  }

  get screen(): ScreenShow {
    const { screen } = this.show;
    if (screen === null) throw new Error("a touchscreen shows a screen");
    return screen;
  }

  /** The scene, which must be of that kind. */
  scene<Kind extends Scene["is"]>(kind: Kind): Extract<Scene, { is: Kind }> {
    const { scene } = this.screen;
    if (scene.is !== kind) throw new Error(`the screen shows ${scene.is}, not ${kind}`);
    return scene as Extract<Scene, { is: Kind }>;
  }

  get answers(): readonly Message<"touchRated">[] {
    return this.reports.filter((report) => report.type === "touchRated");
  }

  sendContactKey(): void {
    this.send({ type: "contactKey", keyId: contactKeyId(publicKey), publicKey });
  }

  ask(settings: Partial<Message<"openTouchRating">> = {}, requestId: RequestId = this.newRequest()): RequestId {
    this.send({
      type: "openTouchRating",
      requestId: requestIdToBytes(requestId),
      ...{
        timeoutMs: 30_000,
        voice: 2,
        labels: [],
        itemName: "居民身份证换领",
        caseNo: "37-0001",
        reasonList: "2020",
        ask: 0b111,
        caseQr: "",
      },
      ...settings,
    });
    return requestId;
  }

  /** A person pairs pad and host. */
  pairByTouch(): void {
    this.atHost({ is: "asked" });
    this.touch({ do: "pair" });
    const { pairing } = this.show;
    this.atHost({ is: "typed", code: pairing.is === "code" ? pairing.code : "" });
    this.touch({ do: "pairPress" });
    this.pass(200);
  }

  touch(touch: Touch): void {
    this.pad({ is: "touch", touch });
    this.pass(0);
  }

  level(requestId: RequestId, level: Level): void {
    this.touch({ do: "level", requestId, level });
  }

  confirm(requestId: RequestId, written: Partial<Written> = {}): void {
    this.touch({ do: "confirm", requestId, written: { words: "", name: "", phone: "", ...written } });
  }
}

/** Assets in memory; objects are JSON. */
export const assetsOf = (files: Readonly<Record<string, object | Asset["kind"]>>): Assets => {
  const assets = new Map<string, Asset>(
    Object.entries(files).map(([name, file]) => [
      name,
      typeof file === "string"
        ? { kind: file, bytes: new Uint8Array(4) }
        : { kind: "json", bytes: new TextEncoder().encode(JSON.stringify(file)) },
    ]),
  );
  return { find: (name) => assets.get(name) };
};
