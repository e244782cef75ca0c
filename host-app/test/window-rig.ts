import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContactKey } from "@window-rating/protocol/contact";
import type { DeskEvent } from "@window-rating/protocol/desk";
import { type Command, MESSAGES, type Message, type Report } from "@window-rating/protocol/pad";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { CHAIN_START, type Entry, entryHashInput } from "@window-rating/protocol/sync";
import pino from "pino";
import { Window } from "../src/core/cases/window.ts";
import type { WindowSettings } from "../src/core/cases/window-settings.ts";
import { ClerkDesk } from "../src/core/clerks/clerk-desk.ts";
import { Credentials } from "../src/core/clerks/credentials.ts";
import { SecretHash } from "../src/core/clerks/secret-hash.ts";
import type { Clock } from "../src/core/clock.ts";
import { type CaseCodes, templateCodes } from "../src/core/codes/case-code.ts";
import { levelLabels } from "../src/core/pads/level-labels.ts";
import { PadAtWindow } from "../src/core/pads/pad-at-window.ts";
import type { PadLine, PadOnLine } from "../src/core/pads/pad-line.ts";
import type { ClerkGrade, ScreenSetup } from "../src/core/pads/pad-screen.ts";
import type { WindowPad } from "../src/core/pads/window-pad.ts";
import { Ballast } from "../src/core/store/ballast.ts";
import { caseBook } from "../src/core/store/case-book.ts";
import { clerkBook } from "../src/core/store/clerk-book.ts";
import { openDatabase } from "../src/core/store/database.ts";
import { EntryBook, type SealEntry } from "../src/core/store/entry-book.ts";
import { ownRatings } from "../src/core/store/own-ratings.ts";
import { paperBook } from "../src/core/store/paper-book.ts";
import { RequestBook } from "../src/core/store/request-book.ts";
import { sqliteOutbox } from "../src/core/store/sqlite-outbox.ts";
import { Store } from "../src/core/store/store.ts";

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  wall = 1_790_000_000_000;
  monotonic = 1_000;
  bootId = "boot-1";
  wallMs(): number {
    return this.wall;
  }
  monotonicMs(): number {
    return this.monotonic;
  }
  advance(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}

const keys = generateKeyPairSync("ed25519");
export const WINDOW_PC = "00000000-0000-8000-8000-000000000001";

/** Seals as the window PC does, with a key of the tests. */
const seal: SealEntry = (previous, body): Entry => {
  const draft = { entryId: randomUUID(), number: (previous?.number ?? 0) + 1, previousHash: previous?.hash ?? CHAIN_START, body };
  const hash = createHash("sha256").update(entryHashInput(WINDOW_PC, draft)).digest();
  return { ...draft, hash: hash.toString("hex"), signature: sign(null, hash, keys.privateKey).toString("hex") };
};

export const temporaryFolder = (): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), "window-rating-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

const SETTINGS: WindowSettings = {
  windowNo: "8",
  timeoutMs: 30_000,
  waitMs: 120_000,
  manualTrigger: true,
  idleMs: 0,
  ownTotals: null,
};

/** What a right one costs is tested where it is hashed. */
const CHEAP_HASH = new SecretHash({ N: 64, r: 8, p: 1 });

const SETUP = { debounceMs: 30, volume: 70, brightness: 80, thanksMs: 3000 };

const SCREEN: ScreenSetup = {
  contrast: "normal",
  textSize: "normal",
  languages: ["zh-CN", "en"],
  hall: "样例大厅",
  window: "8",
  words: true,
  contact: true,
};

const PAD: PadOnLine = {
  serialNumber: "SIM-1",
  model: "generic/five-button",
  firmware: "1.0.0",
  storeId: 77,
  bootCount: 1,
  secured: false,
  port: "memory",
};

/** Events that the pad of the tests can keep. */
export const EVENT_CAPACITY = 4;

const STATUS: Message<"status"> = {
  type: "status",
  phase: "idle",
  requestId: new Uint8Array(16),
  pendingEvents: 0,
  lostEvents: 0,
  keysDown: 0,
  faults: 0,
  uptimeMs: 1,
};

/** A window with a real database in `folder`; the pad is played by the test unless it gives one. */
export const openWindow = (
  folder: string,
  clock: Clock,
  settings: Partial<WindowSettings> = {},
  otherPad?: (window: () => Window) => WindowPad,
  codes: CaseCodes = templateCodes("https://rate.example/r/{requestId}?case={caseNo}"),
) => {
  const database = openDatabase(join(folder, "window.db"));
  const store = new Store(database, new Ballast(join(folder, "ballast"), 0));
  const entries = new EntryBook(store, seal);
  const requests = new RequestBook(store, entries, clock);
  const clerks = clerkBook(database);
  const site = { cardNeedsPin: false };
  const credentials = new Credentials({ store, clerks, clock, secretHash: CHEAP_HASH, cardNeedsPin: () => site.cardNeedsPin });
  const cases = caseBook(database, { ...SETTINGS, ...settings }.windowNo);
  const outbox = sqliteOutbox(store);
  const commands: Command[] = [];
  const logs: string[] = [];
  const events: DeskEvent[] = [];
  const pad = {
    isThere: true,
    /** A line to a pad that is not played by the test. */
    line: undefined as PadLine | undefined,
  };
  const screen = {
    contactKey: undefined as ContactKey | undefined,
    assets: [] as string[],
    /** What central has told of clerks' cards, by staff number. */
    grades: new Map<string, ClerkGrade>(),
    reasons: "2020",
    windowCode: { text: "", picture: "" },
    /** The region's words for the levels, as central tells them. */
    site: null as Parameters<typeof levelLabels>[0],
  };
  const officialNames = new Map<string, string>();
  let randomCalls = 0;
  const clerkName = (staffNo: string): string | undefined => officialNames.get(staffNo);
  const clerkDesk = new ClerkDesk({ store, clerks, credentials, clock, officialName: clerkName, randomBelow: () => 12_345_678 });
  const window: Window = new Window({
    store,
    cases,
    requests,
    credentials,
    papers: paperBook(store, entries),
    ratings: ownRatings(database),
    clock,
    random: (length) => createHash("sha256").update(`${clock.wallMs()} ${randomCalls++}`).digest().subarray(0, length),
    // With what of them changes while the window is open.
    settings: Object.defineProperties({ ...SETTINGS }, Object.getOwnPropertyDescriptors(settings)),
    logger: pino({ level: "trace" }, { write: (line) => logs.push(line) }),
    pad: () => padInUse,
    codes,
    tellWindow: () => false,
    queue: () => ({ ...outbox.counts(), lastSyncMs: null }),
    clerkName,
    givenName: (staffNo) => clerks.find(staffNo)?.name ?? undefined,
    reasons: () => null,
    contactKey: () => screen.contactKey,
  });
  const atWindow = new PadAtWindow({
    clock,
    setup: SETUP,
    screen: {
      setup: SCREEN,
      contactKey: () => screen.contactKey,
      gradeOf: (staffNo) => screen.grades.get(staffNo),
      reasons: () => screen.reasons,
      windowCode: () => screen.windowCode,
      labels: () => levelLabels(screen.site),
      hasAsset: (name) => screen.assets.includes(name),
    },
    send: (command) => {
      if (pad.isThere) commands.push(command);
      return pad.line?.send(command) ?? pad.isThere;
    },
    state: () => pad.line?.state ?? { connection: pad.isThere ? "ready" : "absent" },
    window: () => window,
  });
  const padInUse = otherPad?.(() => window) ?? atWindow;
  window.subscribe((event) => events.push(event));
  const report = (message: Report): void => {
    atWindow.report(PAD, message);
    // What the pad says is committed with what others say in the same turn; here the turn ends at once.
    store.flush();
  };
  let eventNo = 0;
  const caller = { name: "hall system" };
  return {
    /** Names that central has told, by staff number. */
    officialNames,
    database,
    store,
    requests,
    outbox,
    window,
    clerks,
    clerkDesk,
    /** What the site asks for beside the window's settings. */
    site,
    atWindow,
    commands,
    events,
    /** Every line of the log, at every level. */
    logs,
    pad,
    screen,
    caller,
    /** A pad with these capabilities becomes ready. */
    ready: (capabilities = 0, secured = false) => atWindow.ready({ ...PAD, secured }, { capabilities, eventCapacity: EVENT_CAPACITY }),
    report,
    /** The citizen presses; the pad tells with its next event number. */
    press: (requestId: string, level: number, number = ++eventNo) => {
      eventNo = number;
      report({
        type: "rated",
        eventNo: number,
        requestId: requestIdToBytes(requestId as RequestId),
        level,
        sinceOpenMs: 1500,
        unixMs: 0,
        bootCount: 1,
      });
    },
    /** The pad goes on numbering its events from here. */
    continueEvents: (number: number) => {
      eventNo = number;
    },
    timedOut: (requestId: string, number = ++eventNo) => {
      eventNo = number;
      report({
        type: "timedOut",
        eventNo: number,
        requestId: requestIdToBytes(requestId as RequestId),
        unixMs: 0,
        bootCount: 1,
      });
    },
    shows: (requestId: string) => report({ ...STATUS, phase: "inviting", requestId: requestIdToBytes(requestId as RequestId) }),
    /** The pad tells how it is; at rest unless said otherwise. */
    status: (status: Partial<Message<"status">> = {}) => report({ ...STATUS, ...status }),
    /** The pad will not show this request. */
    refuses: (requestId: string, reason: Message<"refused">["reason"]) =>
      report({ type: "refused", command: MESSAGES.openRating.id, requestId: requestIdToBytes(requestId as RequestId), reason }),
    stored: () =>
      commands.filter((command): command is Message<"stored"> => command.type === "stored").map(({ eventNo: number }) => number),
    /** A case of an invented citizen, from its start to its end. */
    serve: (caseNo: string, staffNo = "1001") => {
      window.signIn({ staffNo, name: staffNo === "1001" ? "张三样例" : "李四样例" }, caller);
      window.startCase({ caseNo, visitNo: 1, itemCode: "110101", itemName: "身份证补领（样例）" }, caller);
      return window.endCase(caseNo, { visitNo: 1, completed: true, trigger: "business-system" }, caller).requestId;
    },
    bodies: () =>
      database
        .prepare<[], { body: string }>("SELECT body FROM entries ORDER BY number")
        .all()
        .map(({ body }) => JSON.parse(body)),
    close: () => {
      window.stop();
      database.close();
    },
  };
};
