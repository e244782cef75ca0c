/** The page as a pad: opens what it keeps, lets the firmware of a touchscreen run on it, and leads its line to the window PC. */
import "../screen.css";
import "../scenes.css";
import "../answer.css";
import "../small.css";
import "./pad.css";
import { PadFiles } from "../../../files/pad-files.ts";
import { EventKeeper } from "../../event-keeper.ts";
import { KeptDisk } from "../../kept-disk.ts";
import { PagePad } from "../../page-pad.ts";
import { touchViewOf } from "../../touch-view.ts";
import { touchscreen } from "../screen.js";
import { AssetAddresses } from "./asset-addresses.ts";
import { type DeviceKey, PadDatabase } from "./database.ts";
import { admit, NotAdmitted, prove } from "./device-key.ts";
import { askForScreen, askToPersist, beKiosk, beTheOnlyOne } from "./kiosk.ts";
import { Line } from "./line.ts";
import { SelfPairing } from "./self-pairing.ts";
import { asking, type SayingName, saying } from "./shell.ts";
import { Tools } from "./tools.ts";
import { keepPageForOffline } from "./updates.ts";

/** Of the page and so of the pad's firmware; set when it is built. */
declare const PAGE_VERSION: string;

/** What the page keeps, opened. */
interface Kept {
  readonly database: PadDatabase;
  readonly events: EventKeeper;
  readonly files: PadFiles;
}

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const clock = {
  now: () => performance.now(),
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

const windowNo = decodeURIComponent(location.pathname.split("/")[2] ?? "");
let touch: (touch: Parameters<PagePad["touch"]>[0]) => void = () => undefined;
const screen = touchscreen((what) => touch(what));
const say = (name: SayingName, facts: { detail?: string; kept?: number } = {}): void =>
  screen.message(saying(name, { windowNo, ...facts }));

const openKept = async (): Promise<Kept> => {
  // Whoever clears the browser's data ends this page's store: what is kept is looked for anew.
  const database = await PadDatabase.open(windowNo, () => setTimeout(() => location.reload(), 3000));
  const events = await EventKeeper.open(database, random);
  const disk = new KeptDisk(await database.files(), (changes) => database.keepFiles(changes));
  return { database, events, files: new PadFiles("pad", disk) };
};

/** @returns undefined where a person must scan a code first */
const keyOf = async ({ database, events }: Kept): Promise<DeviceKey | undefined> => {
  const secret = location.hash.slice(1);
  const known = await database.deviceKey();
  const kept = events.contents.pending.length;
  if (!/^[A-Za-z0-9_-]{22,64}$/.test(secret)) {
    if (known === undefined) say("noScan", { kept });
    return known;
  }
  for (let name: "begin" | "unreached" = "begin"; ; name = "unreached") {
    await new Promise<void>((resolve) => screen.message(asking(name, windowNo, resolve)));
    void askForScreen();
    say("admitting");
    try {
      const key = await admit(secret);
      await database.keepDeviceKey(key);
      return key;
    } catch (error) {
      if (!(error instanceof NotAdmitted)) continue;
      say("refused", { detail: error.message, kept });
      return undefined;
    } finally {
      // It is used up, or of no use.
      if (name === "begin" || location.hash !== "") history.replaceState(null, "", location.pathname);
    }
  }
};

const run = async ({ events, files }: Kept, key: DeviceKey): Promise<void> => {
  const addresses = new AssetAddresses(files);
  let isSaying = false;
  const line: Line = new Line({
    bytes: (chunk) => pad.bytes(chunk),
    prove: async (nonce) => {
      const { serialNumber, isPaired } = pad;
      const signature = await prove(key, windowNo, nonce);
      return { is: "proof", device: key.device, signature, serialNumber, isPaired, isPersistent: tools.isPersistent };
    },
    seated: (pairs) => {
      pairing.seated(pairs);
      updates.look();
      draw();
    },
    lost: () => draw(),
    farewell: (why) => {
      isSaying = true;
      say(why, { kept: events.contents.pending.length });
    },
  });
  const pad: PagePad = new PagePad({
    ...{ events, files, clock, random, version: PAGE_VERSION, changed: () => draw() },
    write: (bytes) => line.write(bytes),
    hasLine: () => line.isSeated,
  });
  const pairing = new SelfPairing(pad, (message) => line.say(message));
  const tools = new Tools(() => pad.touch({ do: "pair" }));
  const draw = (): void => {
    const { face } = pad;
    if (face.screen === null || isSaying) return;
    const view = touchViewOf(face, face.screen, addresses.of);
    screen.show(view);
    tools.draw(view);
    pairing.look();
  };
  touch = (what) => pad.touch(what);
  // Not before the address is without a code: going back would lead to it.
  beKiosk();
  tools.isPersistent = await askToPersist();
  const updates = await keepPageForOffline(() => ["idle", "paused"].includes(pad.face.phase));
  pad.start();
  draw();
  // What is said of a line that is away comes later than the loss of it.
  setInterval(draw, 1000);
  line.start();
};

const open = async (): Promise<void> => {
  say("opening");
  if (!(await beTheOnlyOne(windowNo))) return say("openTwice");
  let kept: Kept;
  try {
    kept = await openKept();
  } catch (error) {
    return say("cannotKeep", { detail: (error as Error).message || (error as Error).name });
  }
  const key = await keyOf(kept);
  if (key !== undefined) await run(kept, key);
};

// A code that is scanned while the page is open changes its address only.
addEventListener("hashchange", () => {
  if (location.hash !== "" && location.hash !== "#tools") location.reload();
});
await open();
