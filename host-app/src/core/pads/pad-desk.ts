import { readFileSync } from "node:fs";
import type { DeskState } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { decodeFirmwareFile } from "@window-rating/protocol/firmware";
import { CAPABILITIES } from "@window-rating/protocol/pad";
import type { PadPicture } from "../../messages/console-pads.ts";
import type { Clock } from "../clock.ts";
import type { PadList } from "../commands/pad-shape.ts";
import type { PadStatus } from "../commands/status-shape.ts";
import type { AssetShelf } from "../files/asset-shelf.ts";
import type { PadFilesState } from "../files/pad-files.ts";
import { padStatus } from "../host-status.ts";
import type { UnpairedPads } from "./distrust.ts";
import type { KeypadLine } from "./keypad-line.ts";
import { keypadTrial } from "./keypad-pad-trial.ts";
import type { LinePairing, PairingState } from "./line-pairing.ts";
import { ownPadTrial } from "./own-pad-trial.ts";
import type { PadKeyBook, PadName } from "./pad-key-book.ts";
import { PadLine } from "./pad-line.ts";
import { type PadLogPage, PadLogReader } from "./pad-log-reader.ts";
import { padPicture } from "./pad-picture.ts";
import { PadTrial } from "./pad-trial.ts";
import type { TrialPart } from "./trial-parts.ts";

interface Unit {
  readonly window: { readonly windowNo: string; state(): Pick<DeskState, "request"> };
  readonly line: PadLine | KeypadLine;
}

export interface PadDeskOptions {
  readonly units: readonly Unit[];
  readonly keys: PadKeyBook;
  readonly unpaired: UnpairedPads;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly assets: AssetShelf;
}

/** The pads of this PC as IT staff deal with them: what is there, pairing, unpairing, their files and their firmware. */
export class PadDesk {
  readonly #options: PadDeskOptions;
  readonly #trials: ReadonlyMap<string, PadTrial>;
  readonly #logs: ReadonlyMap<Unit["line"], PadLogReader>;
  readonly #listeners = new Set<(windowNo: string) => void>();

  constructor(options: PadDeskOptions) {
    this.#options = options;
    this.#trials = new Map(options.units.map((unit) => [unit.window.windowNo, this.#trialOf(unit)]));
    this.#logs = new Map(options.units.flatMap(({ line }) => (line instanceof PadLine ? [[line, new PadLogReader(line)]] : [])));
  }

  list(): PadList {
    const { units, keys, unpaired, clock } = this.#options;
    return {
      unpaired,
      windows: units.map(({ window, line }) => ({
        windowNo: window.windowNo,
        pad: line.state,
        canBePaired: line instanceof PadLine && canBePaired(line),
        files: line instanceof PadLine ? filesShown(line.files.state) : null,
        pairing: line instanceof PadLine ? shown(line.pairing?.state ?? { is: "none" }, clock.monotonicMs()) : { is: "none" },
        tests: [...(this.#trials.get(window.windowNo)?.parts ?? [])],
        trial: this.trial(window.windowNo),
      })),
      keys: keys.pads.map(({ model, serialNumber }) => ({ model, serialNumber })),
    };
  }

  /** The pads with all that their lines count, and what they look like. */
  seen(): { windowNo: string; pad: PadStatus; picture: PadPicture | null }[] {
    return this.#options.units.map(({ window, line }) => ({
      windowNo: window.windowNo,
      pad: padStatus(line),
      picture: padPicture(line),
    }));
  }

  /** The test that goes on at a window, or the last one. */
  trial(windowNo: string): PadList["windows"][number]["trial"] {
    const state = this.#trials.get(windowNo)?.state;
    return state == null ? null : { ...state, down: [...state.down], presses: { ...state.presses } };
  }

  /** Begins a test, in the place of another. @throws WR1050 while a citizen is asked, WR1051, WR1052, WR5017 */
  test(windowNo: string | undefined, part: TrialPart): void {
    this.#trials.get(this.#unitOf(windowNo).window.windowNo)?.begin(part);
  }

  /** @throws WR5017 */
  endTest(windowNo: string | undefined): void {
    this.#trials.get(this.#unitOf(windowNo).window.windowNo)?.end();
  }

  /** A page of the log that the pad of a window keeps of itself. @throws WR1055 if there is none, WR5017 */
  async log(windowNo: string | undefined, from: number): Promise<PadLogPage & { readonly windowNo: string }> {
    const { line, window } = this.#unitOf(windowNo);
    const reader = this.#logs.get(line);
    if (reader === undefined) throw new WindowRatingError("WR1055", "a pad of another maker keeps no log that a PC could read");
    return { windowNo: window.windowNo, ...(await reader.page(from)) };
  }

  /** The listener is told the window at each change of a test. @returns what ends it */
  onTrial(listener: (windowNo: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws WR1017 if no pad is there that can be paired, WR5017 */
  pair(windowNo: string | undefined): void {
    const line = this.#lineOf(windowNo);
    if (!canBePaired(line)) throw new WindowRatingError("WR1017", noPadWords(line));
    // A pad that is tested lets nobody begin a pairing at it.
    this.endTest(windowNo);
    this.#pairingOf(line).step({ is: "asked" });
  }

  /** @throws WR1017, WR5017 */
  type(windowNo: string | undefined, code: string): void {
    this.#pairingOf(this.#lineOf(windowNo)).step({ is: "typed", code });
  }

  /** @throws WR1017, WR5017 */
  cancel(windowNo: string | undefined): void {
    this.#pairingOf(this.#lineOf(windowNo)).step({ is: "cancelled" });
  }

  /** @throws WR1017 if no paired pad is there, WR5017 */
  unpair(windowNo: string | undefined): void {
    this.#lineOf(windowNo).unpair();
  }

  /** Forgets the key of a pad that is lost, broken or paired elsewhere. @throws WR1016, WR1017 if there is no such key */
  forget(pad: PadName): void {
    const { keys, units } = this.#options;
    const known = keys.pads.some(({ model, serialNumber }) => model === pad.model && serialNumber === pad.serialNumber);
    if (!known) throw new WindowRatingError("WR1017", `there is no key of a pad ${pad.model} ${pad.serialNumber}`);
    keys.set(pad, {});
    for (const { line } of units) if (line instanceof PadLine) line.keysChanged(pad);
  }

  /** Looks at the folder of assets anew, and brings every pad what has changed. */
  refreshAssets(): void {
    this.#options.assets.refresh();
    for (const { line } of this.#options.units) if (line instanceof PadLine) line.files.refresh();
  }

  /**
   * Begins an update; `list` tells how it goes.
   * @param path of a firmware image on this PC
   * @throws WR1030 if it is none, WR1032 if an update is under way, WR1034 if no pad is there that takes firmware, WR1017, WR5017
   */
  update(windowNo: string | undefined, path: string): void {
    this.install(windowNo, readImage(path));
  }

  /** The same of an image that is here already. @throws WR1030, WR1032, WR1034, WR1017, WR5017 */
  install(windowNo: string | undefined, file: Uint8Array): void {
    const line = this.#lineOf(windowNo);
    const { image, payload } = decodeFirmwareFile(file);
    line.files.update(image, payload);
  }

  #trialOf({ window, line }: Unit): PadTrial {
    return new PadTrial({
      line: line instanceof PadLine ? ownPadTrial(line) : keypadTrial(line),
      isAsking: () => ["waiting", "shown"].includes(window.state().request?.state ?? ""),
      now: () => this.#options.clock.monotonicMs(),
      changed: () => {
        for (const listener of this.#listeners) listener(window.windowNo);
      },
    });
  }

  #unitOf(windowNo: string | undefined): Unit {
    const { units } = this.#options;
    const numbers = units.map(({ window }) => window.windowNo).join(", ");
    const unit = windowNo === undefined && units.length === 1 ? units[0] : units.find(({ window }) => window.windowNo === windowNo);
    if (unit === undefined) throw new WindowRatingError("WR5017", `this PC serves the windows ${numbers.slice(0, 200)}; name one of them`);
    return unit;
  }

  #lineOf(windowNo: string | undefined): PadLine {
    const { line } = this.#unitOf(windowNo);
    if (line instanceof PadLine) return line;
    throw new WindowRatingError("WR1017", "the pad of this window is of another maker and cannot be paired");
  }

  #pairingOf({ pairing }: PadLine): LinePairing {
    if (pairing === undefined) throw new WindowRatingError("WR1017", "this line keeps no pairing keys");
    return pairing;
  }
}

const readImage = (path: string): Uint8Array => {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new WindowRatingError("WR1030", `${path}: ${(error as Error).message}`, error);
  }
};

const filesShown = ({ held, waiting, progress, refused, update }: PadFilesState): NonNullable<PadList["windows"][number]["files"]> => ({
  held: [...held],
  waiting: [...waiting],
  progress,
  refused: { ...refused },
  update: update === null ? null : updateShown(update),
});

const updateShown = (update: NonNullable<PadFilesState["update"]>) => {
  const { is, version } = update;
  if (update.is !== "failed") return { is, version };
  const { why, outcome } = update;
  return { is, version, error: { code: why.code, detail: why.detail }, ...(outcome === undefined ? {} : { outcome }) };
};

const canBePaired = ({ met }: PadLine): boolean => met !== undefined && (met.capabilities & CAPABILITIES.pairing) !== 0;

const noPadWords = ({ met, state }: PadLine): string => {
  if (met !== undefined) return `pad ${met.model} ${met.serialNumber} does not know how to be paired`;
  return `no pad answers here: ${state.cause ?? state.connection}`;
};

const shown = (state: PairingState, now: number): PadList["windows"][number]["pairing"] => {
  if ("until" in state) return { is: state.is, remainingMs: Math.max(0, Math.round(state.until - now)) };
  if (state.is === "failed") return { is: "failed", error: { code: state.error.code, detail: state.error.detail } };
  return { is: state.is };
};
