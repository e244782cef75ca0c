import { LEVELS } from "@window-rating/protocol/rating";
import type { KeyNo, LampState, Lamps, PadControls, PadFace } from "../../face.ts";
import type { Assets } from "../../touchscreen/assets.ts";
import type { Touch } from "../../touchscreen/screen.ts";

const all = (lamp: LampState): Lamps => [lamp, lamp, lamp, lamp, lamp];

/** Faces by name, as the firmware shows them. */
export const FACES = {
  idle: { lamps: all("off"), phase: "idle", spoken: null, remainingMs: null },
  inviting: {
    lamps: all("invite"),
    phase: "inviting",
    spoken: { id: 2, zh: "请您对我们的服务进行评价", en: "Please rate our service", at: 1000 },
    remainingMs: 18_000,
  },
  chosen: { lamps: ["off", "off", "off", "chosen", "off"], phase: "chosen", remainingMs: null },
  thanks: { lamps: all("thanks"), phase: "thanks", spoken: { id: 3, zh: "谢谢", en: "Thank you", at: 2000 }, remainingMs: null },
  fault: { lamps: all("fault"), phase: "fault", remainingMs: null },
  unplugged: { lamps: all("off"), phase: "idle", connection: "unplugged", pendingEvents: 2 },
  dark: { lamps: all("off"), phase: "idle", power: false, spoken: null, connection: "waiting" },
} as const satisfies Record<string, Partial<PadFace>>;

/** A pad that shows what a test says and writes down what is done to it. */
export class FakePad implements PadControls {
  face: PadFace = {
    ...FACES.idle,
    requestId: null,
    labels: LEVELS.map(({ zh }) => zh),
    connection: "ready",
    power: true,
    pendingEvents: 0,
    serialNumber: "SIM-0001",
    model: "generic/five-button",
    keysDown: [false, false, false, false, false],
    screen: null,
  };
  screenAssets: Assets | null = null;
  readonly done: string[] = [];
  readonly #listeners = new Set<() => void>();

  show(change: Partial<PadFace>): void {
    this.face = { ...this.face, ...change };
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  keyDown(key: KeyNo): void {
    this.#do(`down ${key}`);
    this.show({ keysDown: this.face.keysDown.map((isDown, index) => isDown || index === key - 1) });
  }

  keyUp(key: KeyNo): void {
    this.#do(`up ${key}`);
    this.show({ keysDown: this.face.keysDown.map((isDown, index) => isDown && index !== key - 1) });
  }

  touch(touch: Touch): void {
    this.#do(`touch ${JSON.stringify(touch)}`);
  }

  unplug(): void {
    this.#do("unplug");
    this.show({ connection: "unplugged" });
  }

  plug(): void {
    this.#do("plug");
    this.show({ connection: "waiting" });
  }

  powerCut(offMs: number): void {
    this.#do(`power cut ${offMs}`);
    this.show(FACES.dark);
  }

  #do(what: string): void {
    this.done.push(what);
  }
}
