import path from "node:path";
import { pathToFileURL } from "node:url";
import { app, BrowserWindow, net, type Session, screen, session, type WebContents } from "electron";
import type { ScreenAbout } from "../core/screens/screen-hub.ts";
import { ScreenPages } from "../core/screens/screen-pages.ts";
import type { StripAction } from "../messages/preferences.ts";
import { answerPage } from "./app-page.ts";
import { APP_ORIGIN, type Home, homeOf, mayFetch, mayGo, SCHEME } from "./home.ts";
import { isPermitted } from "./permissions.ts";
import { citizenMonitor, clamped, type Edge, type Monitor, type Rect, stripMonitor, stripPlaces } from "./place.ts";
import { channelName } from "./shell-message.ts";
import { citizenWindow, consoleWindow, PARTITIONS, type Partition, stripWindow, type WindowFacts } from "./window-options.ts";

/** A page that crashes at once must not keep a processor busy. */
const RELOAD_AFTER_MS = 1000;
const PRELOAD = path.join(import.meta.dirname, "preload.cjs");

interface Opened {
  readonly window: BrowserWindow;
  readonly kind: "strip" | "console" | "citizen";
  readonly home: Home;
  /** null: a page that is served by somebody else and speaks with the core by itself. */
  readonly about: ScreenAbout | null;
  needed: number | null;
}

/** The windows of this app, what each may load, and where it stands. */
export class ScreenWindows {
  readonly #opened = new Map<number, Opened>();
  #edge: Edge = "top";
  #monitorId: number | null = null;
  /** Web contents of the strip that had the keyboard last. */
  #inUse: number | undefined;

  constructor() {
    app.on("web-contents-created", (_event, contents) => this.#guard(contents));
    for (const event of ["display-added", "display-removed", "display-metrics-changed"] as const) {
      screen.on(event as "display-added", () => this.place(this.#edge, this.#monitorId));
    }
    this.#guardSession(PARTITIONS.app, { is: "app" });
    serveScreens(session.fromPartition(PARTITIONS.app));
  }

  /** What serves the pages of a window; null for one that was not opened with our preload. */
  home(contentsId: number): Home | null {
    const opened = this.#opened.get(contentsId);
    return opened === undefined || (opened.kind !== "strip" && opened.about === null) ? null : opened.home;
  }

  about(contentsId: number): ScreenAbout | null {
    return this.#opened.get(contentsId)?.about ?? null;
  }

  window(contentsId: number): BrowserWindow | undefined {
    return this.#opened.get(contentsId)?.window;
  }

  get strips(): readonly BrowserWindow[] {
    return [...this.#opened.values()].filter(({ kind }) => kind === "strip").map(({ window }) => window);
  }

  /** Does what a key of another program is for, on the strip that the clerk was in last; on the first one until then. */
  press(action: StripAction, takesFocus: boolean): void {
    const strip = this.strips.find(({ webContents }) => webContents.id === this.#inUse) ?? this.strips[0];
    strip?.webContents.send(channelName("action"), action);
    if (takesFocus) strip?.focus();
  }

  openStrip(windowNo: string | null, address: string): BrowserWindow {
    const facts = this.#facts();
    const isOurs = address.startsWith(`${APP_ORIGIN}/`);
    const options = isOurs ? stripWindow(facts) : stripWindow(facts, PARTITIONS.loopback);
    const window = new BrowserWindow(options);
    const { id } = window.webContents;
    this.#open("strip", window, address, windowNo === null ? null : { screen: "strip", windowNo });
    window.on("focus", () => {
      this.#inUse = id;
    });
    this.place(this.#edge, this.#monitorId);
    return window;
  }

  openConsole(address: string): void {
    const isOurs = address.startsWith(`${APP_ORIGIN}/`);
    const { workArea } = screen.getPrimaryDisplay();
    const place = clamped({ x: workArea.x + 80, y: workArea.y + 80, width: 1280, height: 800 }, monitors());
    const options = consoleWindow({ ...this.#facts(), place }, isOurs ? PARTITIONS.app : PARTITIONS.loopback);
    const window = new BrowserWindow(options);
    this.#open("console", window, address, isOurs ? { screen: "console", windowNo: null } : null);
    window.once("ready-to-show", () => window.show());
  }

  openCitizen(address: string, typing: boolean): void {
    const monitor = citizenMonitor(monitors(), this.#stripMonitor());
    if (monitor === undefined) return;
    const options = citizenWindow({ ...this.#facts(), place: monitor.bounds }, typing);
    this.#open("citizen", new BrowserWindow(options), address, null);
  }

  /** Puts every strip where it belongs, without giving it the focus. */
  place(edge: Edge, monitorId: number | null): void {
    this.#edge = edge;
    this.#monitorId = monitorId;
    const { strips } = this;
    const needed = strips.map(({ webContents }) => this.#opened.get(webContents.id)?.needed ?? null);
    const places = stripPlaces(edge, this.#stripMonitor(), needed);
    for (const [index, window] of strips.entries()) window.setBounds({ ...(places[index] as Rect) });
  }

  setNeeded(contentsId: number, px: number | null): void {
    const opened = this.#opened.get(contentsId);
    if (opened === undefined) return;
    opened.needed = px;
    this.place(this.#edge, this.#monitorId);
  }

  showStrips(): void {
    for (const window of this.strips) window.showInactive();
  }

  closeAll(): void {
    for (const { window } of [...this.#opened.values()]) window.destroy();
  }

  #open(kind: Opened["kind"], window: BrowserWindow, address: string, about: ScreenAbout | null): void {
    const home = homeOf(address) ?? ({ is: "app" } as const);
    const { id } = window.webContents;
    if (home.is === "origin") this.#guardSession(kind === "citizen" ? PARTITIONS.citizen : PARTITIONS.loopback, home);
    this.#opened.set(id, { window, kind, home, about, needed: null });
    window.on("closed", () => {
      this.#opened.delete(id);
      // Those behind it move up.
      if (kind === "strip") this.place(this.#edge, this.#monitorId);
    });
    window.once("ready-to-show", () => window.showInactive());
    // A page that crashed (out of memory, a driver of the display) is loaded anew; the core knows nothing of it.
    window.webContents.on("render-process-gone", (_event, { reason }) => {
      if (reason !== "clean-exit") setTimeout(() => this.#opened.has(id) && window.webContents.reload(), RELOAD_AFTER_MS);
    });
    // A page that cannot be reached comes later; whoever opened it tries again.
    window.loadURL(address).catch(() => undefined);
  }

  #facts(): WindowFacts {
    const [place] = stripPlaces(this.#edge, this.#stripMonitor(), [null]) as readonly [Rect];
    return { place, preload: PRELOAD, isPackaged: app.isPackaged };
  }

  #stripMonitor(): Monitor {
    return stripMonitor(monitors(), screen.getPrimaryDisplay().id, this.#monitorId) ?? monitors()[0];
  }

  #guard(contents: WebContents): void {
    const stays = (event: { readonly url: string; preventDefault(): void }): void => {
      const home = this.#opened.get(contents.id)?.home;
      if (home === undefined || !mayGo(event.url, home)) event.preventDefault();
    };
    contents.on("will-navigate", stays);
    contents.on("will-frame-navigate", stays);
    contents.on("will-redirect", stays);
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
  }

  #guardSession(partition: Partition, home: Home): void {
    const guarded = session.fromPartition(partition);
    guarded.setPermissionRequestHandler((_contents, permission, answer) => answer(isPermitted(permission)));
    guarded.setPermissionCheckHandler((_contents, permission) => isPermitted(permission));
    guarded.setDevicePermissionHandler(() => false);
    guarded.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayFetch(details.url, home) }));
    guarded.on("will-download", (event) => event.preventDefault());
  }
}

const monitors = (): [Monitor, ...Monitor[]] => screen.getAllDisplays() as unknown as [Monitor, ...Monitor[]];

const serveScreens = (ours: Session): void => {
  const pages = builtPages();
  ours.protocol.handle(SCHEME, async ({ method, url }) => {
    const answer = answerPage(method, url, pages);
    if (answer.is === "refused") return new Response(null, { status: answer.status });
    if (answer.is === "page") return new Response(answer.html, { headers: answer.headers });
    const file = await net.fetch(pathToFileURL(path.join(pages?.folder ?? "", answer.path)).href).catch(() => null);
    return file?.ok ? new Response(file.body, { headers: answer.headers }) : new Response(null, { status: 404 });
  });
};

const builtPages = (): ScreenPages | undefined => {
  try {
    return new ScreenPages();
  } catch {
    return undefined;
  }
};
