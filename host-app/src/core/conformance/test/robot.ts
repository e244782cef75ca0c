import type { SimulatedPad } from "@window-rating/firmware-sim";
import type { Person, ScreenTouch, Skill } from "../person.ts";

type KeyNo = Parameters<SimulatedPad["keyDown"]>[0];
type Touch = Parameters<SimulatedPad["touch"]>[0];

/** Longer than any test: power that is cut stays cut until it is restored. */
const FOR_EVER_MS = 6_000_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const untilFace = (pad: SimulatedPad, is: (face: SimulatedPad["face"]) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!is(pad.face)) return;
      stop();
      resolve();
    };
    const stop = pad.onChange(look);
    look();
  });

/** What a finger does on the screen as it is. */
const touchOf = ({ face: { requestId, screen } }: SimulatedPad, what: ScreenTouch): Touch => {
  const of = { requestId: (requestId ?? "") as Extract<Touch, { do: "level" }>["requestId"] };
  switch (what.do) {
    case "level":
      return { do: "level", ...of, level: what.level as KeyNo };
    case "reason":
      return { do: "reason", ...of, code: screen?.scene.is === "details" ? (screen.scene.reasons[0]?.code ?? 0) : 0 };
    case "back":
      return { do: "back", ...of };
    case "confirm":
      return { do: "confirm", ...of, written: { words: what.words, name: "", phone: "" } };
  }
};

const HANDS: readonly Skill[] = ["keys", "cable", "power", "eyes", "pairing"];

/** Hands and eyes at a simulated pad. Glass does not bounce; keys have no screen. */
export const robotAt = (pad: SimulatedPad): Person => {
  const isGlass = pad.screenAssets !== null;
  return {
    can: new Set<Skill>([...HANDS, isGlass ? "touch" : "brush"]),
    async press(key) {
      if (isGlass && pad.face.phase === "pairing") pad.touch({ do: "pairPress" });
      else await pad.press(key as KeyNo);
    },
    pressed: (key) => pad.press(key as KeyNo),
    async pressAndCutPower(key, afterMs) {
      const taken = untilFace(pad, ({ phase }) => phase === "chosen" || phase === "thanks");
      const press = pad.press(key as KeyNo);
      await taken;
      if (afterMs > 0) await pause(afterMs);
      pad.powerCut(FOR_EVER_MS);
      await press;
    },
    brush: (key) => pad.press(key as KeyNo, 8),
    down: async (key) => pad.keyDown(key as KeyNo),
    up: async (key) => pad.keyUp(key as KeyNo),
    touch: async (what) => pad.touch(touchOf(pad, what)),
    pullCable: async () => pad.unplug(),
    async putCable() {
      pad.plug();
      await untilFace(pad, ({ connection }) => connection !== "unplugged");
    },
    cutPower: async () => pad.powerCut(FOR_EVER_MS),
    async restorePower() {
      pad.powerCut(0);
      await pause(50);
    },
    async holdPairingKey() {
      if (isGlass) pad.touch({ do: "pair" });
      else await pad.press(3, 5100);
    },
    readCode: async () => (pad.face.pairing?.is === "code" ? pad.face.pairing.code : ""),
    sees: async () => new Set(pad.face.lamps.map((lamp) => JSON.stringify(lamp))).size === 1,
  };
};

/** As a robot, but as slow as somebody who reads what is to be done first. */
export const slowRobotAt = (pad: SimulatedPad, slowMs: number): Person => {
  const robot = robotAt(pad);
  return {
    ...robot,
    press: async (key) => void setTimeout(() => robot.press(key), slowMs),
    async pressed(key) {
      await pause(slowMs);
      await robot.pressed(key);
    },
  };
};
