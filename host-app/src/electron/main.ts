// Electron's main process: windows, tray, keys, and the way between screens and core. What can be decided without Electron is decided in
// the files beside this one, which are tested without it.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import {
  app,
  globalShortcut,
  ipcMain,
  Menu,
  type MenuItemConstructorOptions,
  MessageChannelMain,
  nativeImage,
  protocol,
  Tray,
  type UtilityProcess,
  utilityProcess,
} from "electron";
import { readIfPresent, replaceFile } from "../core/config/durable-file.ts";
import { SCHEME_PRIVILEGES } from "./app-page.ts";
import { autostartFile, desktopEntry } from "./autostart.ts";
import { type CoreHealth, fromCoreSchema, type ToCore } from "./core-link.ts";
import { APP_ORIGIN, appPage } from "./home.ts";
import { type CoreOutcome, dataFolder, ownerStep, type Wish, wishOf } from "./owner.ts";
import { mayUpdateItself, releaseFeed } from "./release-feed.ts";
import { askForScreen, openLink } from "./running-core.ts";
import { ScreenWindows } from "./screen-windows.ts";
import { admitShellMessage, channelName, type ShellMessage } from "./shell-message.ts";
import { globalShortcuts, type ReadSettings, readShellSettings, type ShellSettings } from "./shell-settings.ts";
import { type TrayItem, trayBitmap, trayModel } from "./tray-model.ts";
import { Updater } from "./updater.ts";

const CORE = path.join(import.meta.dirname, "core-process.js");
const RESTART_MS = [1000, 2000, 5000, 10_000];
const CLOSE_WITHIN_MS = 10_000;

class Shell {
  readonly #windows = new ScreenWindows();
  readonly #settingsFile = path.join(app.getPath("userData"), "shell.json");
  readonly #data = dataFolder({ platform: process.platform, env: process.env, home: homedir(), exists: existsSync });
  readonly #autostart = autostartFile(process.platform, process.env, homedir());
  readonly #tray = new Tray(nativeImage.createEmpty());
  #settings: ShellSettings;
  #ownSettings: object;
  #settingsTrouble: string | null;
  #takenKeys: string[] = [];
  #core: UtilityProcess | undefined;
  #state: "starting" | "own" | "guest" | "told" = "starting";
  #health: CoreHealth | null = null;
  #updater: Updater | undefined;
  #restarts = 0;
  #isEnding = false;

  constructor() {
    const read = this.#readSettings();
    this.#settings = read.settings;
    this.#ownSettings = read.own;
    this.#settingsTrouble = read.trouble;
    this.#answerPages();
    this.#apply();
    this.#startCore();
    this.#startUpdater().catch((error: Error) => console.warn(`no updates: ${error.message}`));
  }

  wish(wish: Wish): void {
    if (wish.is === "open") this.#showGuest(wish.url);
    else if (wish.is === "console") this.#openConsole();
    else if (wish.is === "link") openLink(this.#data.path, wish.url).catch((error: Error) => console.warn(error.message));
    else this.#windows.showStrips();
  }

  /**
   * Ends the core first: everything that was accepted is on disk, and the pads hear goodbye.
   * @param last done when this program is no longer the one of its session: what starts before that takes itself for a second start, and goes
   */
  end(last?: () => Promise<unknown>): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const leave = async (code: number): Promise<void> => {
      app.releaseSingleInstanceLock();
      await last?.().catch((error: Error) => console.warn(`the new version did not start: ${error.message}`));
      app.exit(code);
    };
    const core = this.#core;
    if (core === undefined) return void leave(0);
    const ended = new Promise<number>((resolve) => {
      core.once("exit", () => resolve(0));
      setTimeout(() => resolve(1), CLOSE_WITHIN_MS);
    });
    core.postMessage({ is: "close" } satisfies ToCore);
    void ended.then(leave);
  }

  #startCore(): void {
    if (this.#isEnding) return;
    if (this.#data.isService) {
      void this.#settle({ is: "failed", code: "WR8006", text: "the data folder is the service's" });
      return;
    }
    const core = utilityProcess.fork(CORE, [this.#data.path], { serviceName: "window-rating core", stdio: "inherit" });
    this.#core = core;
    let outcome: CoreOutcome = { is: "failed", code: null, text: "the core ended" };
    core.on("message", (message) => {
      const said = fromCoreSchema.safeParse(message);
      if (!said.success) return;
      if (said.data.is === "health") this.#health = said.data.health;
      else if (said.data.is === "failed") outcome = said.data;
      else void this.#settle({ is: "ready", windowNos: said.data.windowNos });
      this.#drawTray();
    });
    core.once("exit", () => {
      this.#core = undefined;
      this.#health = null;
      if (!this.#isEnding) void this.#settle(outcome);
    });
  }

  /** Shows what there is to show, now that it is known who owns the pads. */
  async #settle(outcome: CoreOutcome): Promise<void> {
    const { isService, path: dataDir } = this.#data;
    const wasOwn = this.#state === "own";
    if (wasOwn && outcome.is === "failed" && outcome.code === null) {
      // It was well before: the strips stay, say that they are not connected, and connect again.
      setTimeout(() => this.#startCore(), RESTART_MS[Math.min(this.#restarts++, RESTART_MS.length - 1)]);
      return;
    }
    const asked = outcome.is === "ready" ? null : await askForScreen(dataDir, "strip");
    const step = ownerStep(outcome, { asked, remembered: this.#settings.screen, isService });
    this.#state = step.is === "tell" ? "told" : step.is;
    if (step.is === "guest") this.#showGuest(step.url);
    else if (step.is === "tell") {
      this.#windows.closeAll();
      this.#windows.openStrip(null, `${APP_ORIGIN}/owner.html?why=${step.why}`);
      setTimeout(() => this.#startCore(), step.againInMs);
    } else if (!wasOwn && outcome.is === "ready") {
      this.#windows.closeAll();
      for (const windowNo of outcome.windowNos) this.#windows.openStrip(windowNo, appPage("strip", windowNo));
      this.#openCitizen();
    }
    this.#drawTray();
  }

  #showGuest(url: string): void {
    this.#state = "guest";
    this.#windows.closeAll();
    this.#windows.openStrip(null, url);
    this.#openCitizen();
    for (const window of this.#windows.strips) {
      // The address that was given works once; the one that it leads to is the one to remember.
      window.webContents.on("did-navigate", (_event, now) => now.includes("/strip.html") && this.#change({ screen: now }));
      window.webContents.on("did-fail-load", () => setTimeout(() => this.#startCore(), RESTART_MS.at(-1)));
    }
  }

  #openCitizen(): void {
    const { citizen } = this.#settings;
    if (citizen !== null) this.#windows.openCitizen(citizen.page, citizen.typing);
  }

  #openConsole(): void {
    if (this.#state === "own") this.#windows.openConsole(appPage("console", null));
    else void askForScreen(this.#data.path, "console").then((url) => url !== null && this.#windows.openConsole(url));
  }

  /** Every message of a page goes through the one check. */
  #answerPages(): void {
    const on = <Name extends ShellMessage>(name: Name, act: (contentsId: number, body: never) => void): void => {
      ipcMain.on(channelName(name), ({ sender, senderFrame }, body: unknown) => {
        const frame = senderFrame === null ? null : { url: senderFrame.url, isTop: senderFrame.parent === null };
        const verdict = admitShellMessage(name, { contentsId: sender.id, frame }, body, this.#windows);
        if (verdict.is === "admitted") act(sender.id, verdict.body as never);
        else console.warn(`refused ${verdict.because}`);
      });
    };
    on("needHeight", (contentsId, px) => this.#windows.setNeeded(contentsId, px));
    on("connect", (contentsId) => this.#connect(contentsId));
  }

  #connect(contentsId: number): void {
    const about = this.#windows.about(contentsId);
    const window = this.#windows.window(contentsId);
    if (about === null || window === undefined) return;
    if (this.#core === undefined) return window.webContents.postMessage(channelName("port"), null);
    const { port1, port2 } = new MessageChannelMain();
    this.#core.postMessage({ is: "screen", screen: about.screen, windowNo: about.windowNo } satisfies ToCore, [port1]);
    window.webContents.postMessage(channelName("port"), null, [port2]);
  }

  #readSettings(): ReadSettings {
    let ofHall: string | null = null;
    try {
      ofHall = readIfPresent(path.join(this.#data.path, "shell.json"));
    } catch {
      // The data folder of a service is closed to whoever is signed in: then the usual settings hold.
    }
    return readShellSettings(readIfPresent(this.#settingsFile), ofHall);
  }

  #change(change: Partial<ShellSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    // Only what was chosen here: what the hall says later shall hold for the rest.
    this.#ownSettings = { ...this.#ownSettings, ...change };
    mkdirSync(path.dirname(this.#settingsFile), { recursive: true });
    replaceFile(this.#settingsFile, `${JSON.stringify(this.#ownSettings, null, 2)}\n`);
    this.#apply();
  }

  #apply(): void {
    this.#windows.place(this.#settings.edge, this.#settings.monitorId);
    globalShortcut.unregisterAll();
    this.#takenKeys = globalShortcuts(this.#settings).flatMap(({ action, accelerator, opensForm }) => {
      const isOurs = globalShortcut.register(accelerator, () => {
        const [strip] = this.#windows.strips;
        strip?.webContents.send(channelName("action"), action);
        if (opensForm) strip?.focus();
      });
      return isOurs ? [] : [accelerator];
    });
    this.#drawTray();
  }

  /** With the settings of the start: whoever changes the feed starts the app anew. */
  async #startUpdater(): Promise<void> {
    const { update } = this.#settings;
    if (update === null || !app.isPackaged || !mayUpdateItself(process.platform, process.env)) return;
    this.#updater = new Updater({
      feed: await releaseFeed(update.feed, (last) => this.end(last)),
      keys: update.keys,
      closing: update.closing,
      version: app.getVersion(),
      folder: path.join(app.getPath("userData"), "updates"),
      health: () => this.#health,
      isHealthy: () => this.#state === "own" || this.#state === "guest",
      changed: () => this.#drawTray(),
      now: () => new Date(),
      timers: globalThis,
    });
  }

  #drawTray(): void {
    const model = trayModel({
      core: this.#state,
      health: this.#health,
      edge: this.#settings.edge,
      startsWithSession: this.#autostart === null ? null : existsSync(this.#autostart),
      takenKeys: this.#takenKeys,
      settingsTrouble: this.#settingsTrouble,
      updateText: this.#updater?.text ?? null,
    });
    const size = 32;
    this.#tray.setImage(nativeImage.createFromBitmap(Buffer.from(trayBitmap(model.shape, size)), { width: size, height: size }));
    this.#tray.setToolTip(model.tip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => this.#menuItem(item))));
  }

  #menuItem(item: TrayItem): MenuItemConstructorOptions {
    if (item.is === "line") return { type: "separator" };
    if (item.is === "text") return { label: item.label, enabled: false };
    if (item.is === "edge")
      return { type: "radio", label: item.label, checked: item.checked, click: () => this.#change({ edge: item.edge }) };
    if (item.is === "autostart")
      return { type: "checkbox", label: item.label, checked: item.checked, click: () => this.#setAutostart(!item.checked) };
    return { label: item.label, click: () => this.#do(item.deed) };
  }

  #do(deed: "show" | "console" | "reload" | "quit"): void {
    if (deed === "quit") return this.end();
    if (deed === "show" || deed === "console") return this.wish({ is: deed });
    const { settings, own, trouble } = this.#readSettings();
    this.#settings = settings;
    this.#ownSettings = own;
    this.#settingsTrouble = trouble;
    this.#apply();
  }

  #setAutostart(wanted: boolean): void {
    if (this.#autostart === null) return;
    mkdirSync(path.dirname(this.#autostart), { recursive: true });
    if (wanted) replaceFile(this.#autostart, desktopEntry(process.env.APPIMAGE ?? process.execPath));
    else rmSync(this.#autostart, { force: true });
    this.#drawTray();
  }
}

app.enableSandbox();
protocol.registerSchemesAsPrivileged([SCHEME_PRIVILEGES]);
Menu.setApplicationMenu(null);
/** Never `await app.whenReady()` out here: Electron becomes ready only when this module has run to its end. */
const start = (): void => {
  const shell = new Shell();
  app.on("second-instance", (_event, args) => shell.wish(wishOf(args.slice(1))));
  app.on("window-all-closed", () => undefined);
  app.on("before-quit", (event) => {
    event.preventDefault();
    shell.end();
  });
  const first = wishOf(process.argv.slice(1));
  if (first.is !== "show") shell.wish(first);
};

if (!app.requestSingleInstanceLock()) app.exit(0);
else
  app
    .whenReady()
    .then(start)
    .catch((error: Error) => {
      console.error(error);
      app.exit(1);
    });
