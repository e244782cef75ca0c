// Electron's main process: windows, tray, keys, and the way between screens and core. What can be decided without Electron is decided in
// the files beside this one, which are tested without it.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { app, ipcMain, Menu, MessageChannelMain, protocol, type UtilityProcess, utilityProcess } from "electron";
import { SCHEME_PRIVILEGES } from "./app-page.ts";
import { AppTray } from "./app-tray.ts";
import { Autostart } from "./autostart.ts";
import { type CoreHealth, fromCoreSchema, type ToCore } from "./core-link.ts";
import { GlobalKeys } from "./global-keys.ts";
import { GuestStrips } from "./guest-strips.ts";
import { appPage } from "./home.ts";
import { argsOf, type CoreOutcome, dataFolder, type HandedOver, ownerStep, type Wish, wishOf } from "./owner.ts";
import { ownerAddress } from "./owner-page.ts";
import { mayUpdateItself, releaseFeed } from "./release-feed.ts";
import { askForConsole, askForStrips, openLink } from "./running-core.ts";
import { ScreenWindows } from "./screen-windows.ts";
import { SettingsFile } from "./settings-file.ts";
import { admitShellMessage, channelName, type ShellMessage } from "./shell-message.ts";
import type { ShellSettings } from "./shell-settings.ts";
import { type TrayDeed, trayModel } from "./tray-model.ts";
import { Updater } from "./updater.ts";

const CORE = path.join(import.meta.dirname, "core-process.js");
const RESTART_MS = [1000, 2000, 5000, 10_000];
/** A core that ran so long had no part in what ended the one before. */
const WELL_AFTER_MS = 10 * 60_000;
const CLOSE_WITHIN_MS = 10_000;

class Shell {
  readonly #windows = new ScreenWindows();
  readonly #data = dataFolder({ platform: process.platform, env: process.env, home: homedir(), exists: existsSync });
  readonly #file = new SettingsFile(path.join(app.getPath("userData"), "shell.json"), path.join(this.#data.path, "shell.json"));
  readonly #autostart = new Autostart(process.platform, process.env, homedir());
  readonly #tray = new AppTray({
    do: (deed) => this.#do(deed),
    dock: (edge) => this.#change({ edge }),
    startAtLogIn: (wanted) => {
      this.#autostart.set(wanted);
      this.#drawTray();
    },
  });
  readonly #guests = new GuestStrips(this.#windows, {
    remembered: () => this.#file.settings.screens,
    remember: (screens) => this.#change({ screens: [...screens] }),
    failed: () => {
      this.#state = "starting";
      this.#tryAgain(RESTART_MS.at(-1));
    },
    gone: () => this.#startCore(),
  });
  readonly #keys = new GlobalKeys(({ action, opensForm }) => this.#windows.press(action, opensForm));
  #core: UtilityProcess | undefined;
  #state: "starting" | "own" | "guest" | "told" = "starting";
  #health: CoreHealth | null = null;
  #updater: Updater | undefined;
  #restarts = 0;
  #again: NodeJS.Timeout | undefined;
  #told = "";
  #isEnding = false;

  constructor() {
    this.#answerPages();
    this.#apply();
    this.#startCore();
    this.#startUpdater().catch((error: Error) => console.warn(`no updates: ${error.message}`));
  }

  wish(wish: Wish): void {
    if (wish.is === "open" && this.#state !== "own") this.#showGuest(wish.urls, this.#state === "guest");
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
    if (this.#isEnding || this.#core !== undefined) return;
    if (this.#data.isService) {
      void this.#settle({ is: "failed", code: "WR8006", text: "the data folder is the service's" });
      return;
    }
    const core = utilityProcess.fork(CORE, [this.#data.path], { serviceName: "window-rating core", stdio: "inherit" });
    this.#core = core;
    const well = setTimeout(() => {
      this.#restarts = 0;
    }, WELL_AFTER_MS);
    let outcome: CoreOutcome = { is: "failed", code: null, text: "the core ended" };
    core.on("message", (message) => {
      const said = fromCoreSchema.safeParse(message);
      if (!said.success) return;
      if (said.data.is === "health") this.#health = said.data.health;
      else if (said.data.is === "failed") outcome = said.data;
      else void this.#settle(said.data);
      this.#drawTray();
    });
    core.once("exit", () => {
      clearTimeout(well);
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
      return this.#tryAgain(RESTART_MS[Math.min(this.#restarts++, RESTART_MS.length - 1)]);
    }
    const asked = outcome.is === "failed" ? await askForStrips(dataDir) : { urls: [], code: null };
    // Meanwhile IT staff may have given an address.
    if (this.#state === "guest" && outcome.is === "failed") return this.#guests.lookAgain();
    this.#guests.stop();
    const step = ownerStep(outcome, { asked, remembered: this.#file.settings.screens, isService });
    const page = step.is === "tell" ? ownerAddress(step) : "";
    if (step.is === "guest") this.#showGuest(step.urls, false);
    else if (step.is === "tell") {
      this.#state = "told";
      if (page !== this.#told) {
        this.#windows.closeAll();
        this.#windows.openStrip(null, page);
      }
      this.#tryAgain(step.againInMs);
    } else if (!wasOwn && outcome.is === "ready") {
      this.#state = "own";
      this.#windows.closeAll();
      for (const windowNo of outcome.windowNos) this.#windows.openStrip(windowNo, appPage("strip", windowNo));
      this.#openCitizen();
    }
    this.#told = page;
    this.#apply();
  }

  #tryAgain(inMs: number | undefined): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#startCore(), inMs);
  }

  /** @param more beside the strips that are shown already */
  #showGuest(urls: readonly string[], more: boolean): void {
    this.#state = "guest";
    this.#told = "";
    clearTimeout(this.#again);
    if (!more) {
      this.#windows.closeAll();
      this.#openCitizen();
    }
    this.#guests.open(urls);
    this.#apply();
  }

  #openCitizen(): void {
    const { citizen } = this.#file.settings;
    if (citizen !== null) this.#windows.openCitizen(citizen.page, citizen.typing);
  }

  #openConsole(): void {
    if (this.#state === "own") this.#windows.openConsole(appPage("console", null));
    else void askForConsole(this.#data.path).then((url) => url !== null && this.#windows.openConsole(url));
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
    on("askKeys", (contentsId) => this.#tellKeys(contentsId));
    on("keepKeys", (contentsId, shortcuts) => {
      this.#change({ shortcuts });
      this.#tellKeys(contentsId);
    });
  }

  #tellKeys(contentsId: number): void {
    const { shortcuts } = this.#file.settings;
    this.#windows.window(contentsId)?.webContents.send(channelName("keys"), { shortcuts, taken: this.#keys.taken });
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

  #change(change: Partial<ShellSettings>): void {
    this.#file.change(change);
    this.#apply();
  }

  #apply(): void {
    this.#windows.place(this.#file.settings.edge, this.#file.settings.monitorId);
    // No key is taken from other programs while there is no strip that it would do anything on.
    this.#keys.take(this.#state === "own" || this.#state === "guest" ? this.#file.settings : { shortcuts: {} });
    this.#drawTray();
  }

  /** With the settings of the start: whoever changes the feed starts the app anew. */
  async #startUpdater(): Promise<void> {
    const { update } = this.#file.settings;
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
    const facts = {
      core: this.#state,
      health: this.#health,
      edge: this.#file.settings.edge,
      startsWithSession: this.#autostart.isOn,
      takenKeys: this.#keys.taken,
      settingsTrouble: this.#file.trouble,
      updateText: this.#updater?.text ?? null,
    };
    this.#tray.draw(trayModel(facts));
  }

  #do(deed: TrayDeed): void {
    if (deed === "quit") return this.end();
    if (deed === "keys") return this.#windows.press("settings", true);
    if (deed === "show" || deed === "console") return this.wish({ is: deed });
    this.#file.readAgain();
    this.#apply();
  }
}

app.enableSandbox();
protocol.registerSchemesAsPrivileged([SCHEME_PRIVILEGES]);
Menu.setApplicationMenu(null);
/** Never `await app.whenReady()` out here: Electron becomes ready only when this module has run to its end. */
const start = (): void => {
  const shell = new Shell();
  app.on("second-instance", (_event, _reordered, _folder, handedOver) => shell.wish(wishOf(argsOf(handedOver))));
  app.on("window-all-closed", () => undefined);
  app.on("before-quit", (event) => {
    event.preventDefault();
    shell.end();
  });
  const first = wishOf(process.argv.slice(1));
  if (first.is !== "show") shell.wish(first);
};

if (!app.requestSingleInstanceLock({ args: process.argv.slice(1) } satisfies HandedOver)) app.exit(0);
else
  app
    .whenReady()
    .then(start)
    .catch((error: Error) => {
      console.error(error);
      app.exit(1);
    });
