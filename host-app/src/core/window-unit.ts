import type { KeypadProfile, Profile } from "@window-rating/device-profiles";
import type { DeskState } from "@window-rating/protocol/desk";
import type { RequestId } from "@window-rating/protocol/rating";
import type { Logger } from "pino";
import { Window } from "./cases/window.ts";
import { windowSettings } from "./cases/window-settings.ts";
import type { Credentials } from "./clerks/credentials.ts";
import type { Clock } from "./clock.ts";
import type { CaseCodes } from "./codes/case-code.ts";
import { isCodeOfAnother, windowCode } from "./codes/window-code.ts";
import type { Config } from "./config/index.ts";
import { type WindowConfig, windowsOf } from "./config/window-list.ts";
import type { AssetFile } from "./files/asset-file.ts";
import type { AssetShelf } from "./files/asset-shelf.ts";
import { KeypadLine } from "./pads/keypad-line.ts";
import { levelLabels } from "./pads/level-labels.ts";
import { PadAtWindow } from "./pads/pad-at-window.ts";
import type { PadKeyBook } from "./pads/pad-key-book.ts";
import { PadLine } from "./pads/pad-line.ts";
import type { PortOpener } from "./pads/pad-port.ts";
import type { ClerkGrade } from "./pads/pad-screen.ts";
import { bytesPerSecondOf, DEFAULT_SETTINGS, settingsOf } from "./pads/port-settings.ts";
import type { WindowPad } from "./pads/window-pad.ts";
import type { Roster } from "./roster/roster.ts";
import type { RosteredClerk } from "./roster/roster-state.ts";
import { contactKeyOf, reasonsAsked, screenSetup } from "./screen-setup.ts";
import { caseBook } from "./store/case-book.ts";
import type { ClerkBook, ClerkRow } from "./store/clerk-book.ts";
import { ownRatings } from "./store/own-ratings.ts";
import type { PaperBook } from "./store/paper-book.ts";
import type { RequestBook } from "./store/request-book.ts";
import type { Store } from "./store/store.ts";

/** One window of this PC: its desk, and the line to its pad. */
export interface WindowUnit {
  readonly window: Window;
  readonly line: PadLine | KeypadLine;
}

/** What all windows of a PC share. */
export interface SharedByWindows {
  readonly config: Config;
  readonly store: Store;
  readonly requests: RequestBook;
  readonly papers: PaperBook;
  readonly clerks: ClerkBook;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly logger: Logger;
  readonly queue: () => DeskState["queue"];
  readonly codes: CaseCodes;
  readonly tellWindow: (windowNo: string, requestId: RequestId) => boolean;
  readonly assets: AssetShelf;
  readonly padKeys: PadKeyBook;
  readonly roster: Roster;
}

/**
 * Makes a window and its line; nothing is started.
 * @param profile null: a pad that speaks the pad protocol, whatever it says it is
 */
export const createWindowUnit = (
  shared: SharedByWindows,
  { windowNo, pad }: WindowConfig,
  profile: Profile | null,
  open: PortOpener,
): WindowUnit => {
  const { config, store, requests, papers, clerks, credentials, clock, random, queue, codes, tellWindow, roster } = shared;
  const logger = shared.logger.child({ windowNo });
  const window: Window = new Window({
    store,
    cases: caseBook(store.database, windowNo),
    requests,
    papers,
    credentials,
    ratings: ownRatings(store.database),
    clock,
    random,
    settings: windowSettings(windowNo, config, () => roster.site),
    clerkName: (staffNo) => roster.clerk(staffNo)?.name,
    givenName: (staffNo) => clerks.find(staffNo)?.name ?? undefined,
    reasons: () => roster.reasons,
    contactKey: () => contactKeyOf(config, roster.site?.contactKey),
    logger,
    pad: () => atWindow,
    codes,
    queue,
    tellWindow,
  });
  const make = profile?.protocol === "keypad" ? keypadLine(profile, roster) : padLine(shared, windowNo, pad.serialNumber, profile);
  const { line, atWindow } = make({ open, clock, logger }, () => window);
  return { window, line };
};

/** Central's word on a clerk goes before that of this PC, as with the name. */
const gradeOf = (told: RosteredClerk | undefined, own: ClerkRow | undefined): ClerkGrade | undefined => {
  const card = told ?? own?.onCard;
  return card && { title: card.title ?? "", stars: card.stars ?? 0, partyMember: card.partyMember ?? false };
};

interface LineOptions {
  readonly open: PortOpener;
  readonly clock: Clock;
  readonly logger: Logger;
}

type MakeLine = (options: LineOptions, window: () => Window) => Pick<WindowUnit, "line"> & { readonly atWindow: WindowPad };

const keypadLine =
  (profile: KeypadProfile, roster: Roster): MakeLine =>
  (options, window) => {
    const line = new KeypadLine({ ...options, profile, window, starsOf: (staffNo) => roster.clerk(staffNo)?.stars });
    return { line, atWindow: line };
  };

const padLine =
  (
    { config, assets, padKeys, random, roster, clerks }: SharedByWindows,
    windowNo: string,
    serialNumber: string | null,
    profile: Profile | null,
  ): MakeLine =>
  (options, window) => {
    const { debounceMs, volume, brightness, thanksMs, unpaired } = config.pad;
    const place = { windowNo, isOnly: windowsOf(config).length === 1 };
    const files = (): readonly AssetFile[] => assets.files.filter(({ asset }) => !isCodeOfAnother(asset.name, place));
    const hasAsset = (name: string): boolean => files().some(({ asset }) => asset.name === name);
    const atWindow = new PadAtWindow({
      clock: options.clock,
      setup: { debounceMs, volume, brightness, thanksMs },
      screen: {
        setup: screenSetup(config, windowNo),
        contactKey: () => contactKeyOf(config, roster.site?.contactKey),
        // Where neither central nor IT staff said more, a card bears number and name.
        gradeOf: (staffNo) => gradeOf(roster.clerk(staffNo), clerks.find(staffNo)),
        labels: () => levelLabels(roster.site),
        reasons: () => reasonsAsked(config, roster.reasons),
        windowCode: (drawsCodes) =>
          windowCode({ ...place, told: roster.windowCode(windowNo), template: config.screen.windowQr, hasAsset }, drawsCodes),
        hasAsset,
      },
      send: (command) => line.send(command),
      state: () => line.state,
      window,
    });
    const line: PadLine = new PadLine({
      ...options,
      random,
      listener: atWindow,
      wantedAssets: files,
      serialNumber,
      // A line behind a serial server is set there; it should be what the profile says.
      bytesPerSecond: bytesPerSecondOf(profile === null ? DEFAULT_SETTINGS : settingsOf(profile)),
      pairing: { keys: padKeys, unpaired },
    });
    return { line, atWindow };
  };
