import { setTimeout as pause } from "node:timers/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import { KEYS, type PadControls } from "../face.ts";
import { BoardConnection, type ConnectionTiming, REAL_TIMING } from "./board/board-connection.ts";
import { Fingers } from "./board/fingers.ts";
import { Hands } from "./board/hands.ts";
import { BEAT_MS, isLit } from "./board/lamp-rhythm.ts";
import { melodyOf, type Note } from "./board/melodies.ts";
import { UNO_WIRING, type Wiring, wiredPins } from "./board/wiring.ts";

export { readWiring } from "./board/wiring.ts";

export interface BoardPanelOptions {
  /** The board's serial port. */
  readonly path: string;
  readonly wiring?: Wiring;
  /** Is told in one line each time the board comes or goes. */
  readonly say: (line: string) => void;
  readonly timing?: ConnectionTiming & { readonly retryMs: number };
}

export interface BoardPanel {
  /** Lets go of all keys, leaves the board dark and silent, and frees its port. */
  close(): Promise<void>;
}

/**
 * Shows a pad with a real board's lamps and piezo and takes its keys from there. The board may come and go: the pad goes on without it,
 * and it is connected again by itself.
 */
export const startBoardPanel = (
  controls: PadControls,
  { path, wiring = UNO_WIRING, say, timing = { ...REAL_TIMING, retryMs: 1000 } }: BoardPanelOptions,
): BoardPanel => {
  const ending = new AbortController();
  const { signal } = ending;
  const ended = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

  /** One connection, from opening to its loss or the end of the panel. @returns why it was lost */
  const connect = async (): Promise<WindowRatingError | undefined> => {
    await using connection = await BoardConnection.open(path, timing, signal);
    using served = serve(controls, connection, wiring);
    say(`开发板已连接 Board connected: ${connection.firmware}, ${path}`);
    const reason = await Promise.race([connection.lost, ended]);
    if (reason === undefined) served.rest();
    return reason ?? undefined;
  };

  const live = async (): Promise<void> => {
    let said = "";
    while (!signal.aborted) {
      const reason = await connect().catch((error: unknown) => error);
      if (signal.aborted) return;
      if (!(reason instanceof WindowRatingError)) throw reason;
      // A board that stays away is told of once.
      if (reason.message !== said) say(`开发板未连接，正在重试 Board not connected, trying again: ${reason.message}`);
      said = reason.message;
      await pause(timing.retryMs, undefined, { signal }).catch(() => {});
    }
  };
  const life = live();
  return {
    close: () => {
      ending.abort();
      return life;
    },
  };
};

/** Joins a board to the pad for as long as it is connected. @throws WR9012 if the board's pins cannot do what the wiring says */
const serve = (controls: PadControls, connection: BoardConnection, wiring: Wiring): Disposable & { rest(): void } => {
  const fingers = new Fingers(controls);
  const hands = new Hands(connection.io, wiredPins(wiring, connection.io), (key, isDown) => fingers.read(key, isDown));
  let beat = 0;
  // What was said before the board came is not said again.
  let heardAt = controls.face.spoken?.at;
  let stopMelody = (): void => {};
  const light = (): void => hands.light(KEYS.map((key) => isLit(controls.face.lamps[key - 1] ?? "off", beat)));
  const changed = (): void => {
    fingers.faceChanged();
    const { spoken } = controls.face;
    if (spoken?.at !== heardAt) {
      heardAt = spoken?.at;
      stopMelody();
      stopMelody = spoken === null ? () => {} : play(melodyOf(spoken.id) ?? [], hands);
    }
    light();
  };
  const stopListening = controls.onChange(changed);
  const beats = setInterval(() => {
    beat++;
    light();
  }, BEAT_MS);
  connection.onRestart(() => {
    fingers.leave();
    hands.start();
    light();
  });
  light();
  return {
    rest: () => hands.rest(),
    [Symbol.dispose]: () => {
      clearInterval(beats);
      stopListening();
      stopMelody();
      fingers.leave();
    },
  };
};

/** @returns what ends it early */
const play = (melody: readonly Note[], hands: Hands): (() => void) => {
  let next: NodeJS.Timeout | undefined;
  const from = (index: number): void => {
    const [tone, ms] = melody[index] ?? ["silence", undefined];
    hands.tone(tone);
    if (ms !== undefined) next = setTimeout(() => from(index + 1), ms);
  };
  from(0);
  return () => {
    clearTimeout(next);
    hands.tone("silence");
  };
};
