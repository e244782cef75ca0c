import type { BrowserWindowConstructorOptions, WebPreferences } from "electron";
import type { Rect } from "./place.ts";

export interface WindowFacts {
  readonly place: Rect;
  readonly preload: string;
  /** A built and installed app: no developer tools. */
  readonly isPackaged: boolean;
}

/** Pages of different homes share nothing: no cookie, no cache, no storage. */
export const PARTITIONS = { app: "app", loopback: "persist:loopback", citizen: "persist:citizen" } as const;
export type Partition = (typeof PARTITIONS)[keyof typeof PARTITIONS];

/** What every page of ours runs with; a test holds each line. */
const webPreferences = (isPackaged: boolean, partition: Partition, preload: string | null): WebPreferences => ({
  ...(preload === null ? {} : { preload }),
  partition,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  autoplayPolicy: "no-user-gesture-required",
  // A countdown goes on behind another window.
  backgroundThrottling: false,
  devTools: !isPackaged,
});

const QUIET = { show: false, autoHideMenuBar: true, backgroundColor: "#ffffff" } as const;

/**
 * The clerk's strip: always in sight and never in the way. It is shown without taking the focus, and takes it when it is clicked. One that
 * another core serves has the preload too, of which it gets height and keys, and no way to our core.
 */
export const stripWindow = (facts: WindowFacts, partition: Partition = PARTITIONS.app): BrowserWindowConstructorOptions => ({
  ...QUIET,
  ...facts.place,
  title: "窗口评价 Window Rating",
  frame: false,
  alwaysOnTop: true,
  skipTaskbar: true,
  resizable: false,
  movable: false,
  minimizable: false,
  maximizable: false,
  fullscreenable: false,
  focusable: true,
  acceptFirstMouse: true,
  roundedCorners: false,
  webPreferences: webPreferences(facts.isPackaged, partition, facts.preload),
});

/**
 * The citizen's page on a second monitor.
 * @param typing whether a touch may take the keyboard: citizens can type a few words then, and a clerk who is typing is interrupted
 */
export const citizenWindow = (facts: WindowFacts, typing: boolean): BrowserWindowConstructorOptions => ({
  ...QUIET,
  ...facts.place,
  title: "请评价 Please rate",
  kiosk: true,
  frame: false,
  skipTaskbar: true,
  resizable: false,
  movable: false,
  closable: false,
  focusable: typing,
  acceptFirstMouse: true,
  webPreferences: webPreferences(facts.isPackaged, PARTITIONS.citizen, null),
});

/** The console of IT staff: an ordinary window. */
export const consoleWindow = (facts: WindowFacts, partition: Partition = PARTITIONS.app): BrowserWindowConstructorOptions => ({
  ...QUIET,
  ...facts.place,
  minWidth: 800,
  minHeight: 600,
  title: "窗口评价 运维 Window Rating console",
  webPreferences: webPreferences(facts.isPackaged, partition, partition === PARTITIONS.app ? facts.preload : null),
});
