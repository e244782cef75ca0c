import { EventEmitter } from "node:events";

/** What is recorded of one session's guards. */
export interface FakeSession {
  permission: (permission: string) => boolean;
  /** Whether a request is cancelled. */
  cancels: (url: string) => boolean;
  serve: ((request: { method: string; url: string }) => Promise<Response>) | undefined;
}

export class FakeContents extends EventEmitter {
  readonly id: number;
  readonly posted: { channel: string; ports: readonly unknown[] }[] = [];
  readonly sent: unknown[][] = [];
  url = "";
  reloads = 0;
  openHandler: (() => { action: string }) | undefined;

  constructor(id: number) {
    super();
    this.id = id;
  }

  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
  postMessage(channel: string, _body: unknown, ports: readonly unknown[] = []): void {
    this.posted.push({ channel, ports });
  }
  send(...args: unknown[]): void {
    this.sent.push(args);
  }
  getURL(): string {
    return this.url;
  }
  reload(): void {
    this.reloads++;
  }
  /** The page goes where its address has led it. */
  navigate(url: string): void {
    this.url = url;
    this.emit("did-navigate", {}, url);
  }
}

export class FakeWindow extends EventEmitter {
  readonly options: { readonly webPreferences?: Record<string, unknown> } & Record<string, unknown>;
  readonly webContents: FakeContents;
  readonly deeds: string[] = [];
  url = "";
  bounds: unknown;

  constructor(electron: FakeElectron, options: FakeWindow["options"]) {
    super();
    this.options = options;
    this.webContents = new FakeContents(electron.windows.length + 1);
    electron.windows.push(this);
    electron.app.emit("web-contents-created", {}, this.webContents);
  }

  loadURL(url: string): Promise<void> {
    this.url = url;
    return Promise.resolve();
  }
  setBounds(bounds: unknown): void {
    this.bounds = bounds;
  }
  show(): void {
    this.deeds.push("show");
  }
  showInactive(): void {
    this.deeds.push("showInactive");
  }
  focus(): void {
    this.deeds.push("focus");
  }
  destroy(): void {
    this.deeds.push("destroy");
    this.emit("closed");
  }
}

export class FakeCore extends EventEmitter {
  readonly args: readonly string[];
  readonly heard: { message: unknown; ports: readonly unknown[] }[] = [];

  constructor(args: readonly string[]) {
    super();
    this.args = args;
  }

  postMessage(message: unknown, ports: readonly unknown[] = []): void {
    this.heard.push({ message, ports });
  }
}

interface MenuItem {
  readonly label?: string;
  readonly click?: () => void;
}

/** As much of Electron as main.ts uses, recording what it is asked for. It shows nothing and knows nothing of Chromium. */
export class FakeElectron {
  readonly windows: FakeWindow[] = [];
  readonly cores: FakeCore[] = [];
  readonly sessions = new Map<string, FakeSession>();
  readonly keys = new Map<string, () => void>();
  readonly exits: number[] = [];
  readonly ipcMain = new EventEmitter();
  menu: readonly MenuItem[] = [];
  /** Keys that another program has. */
  taken: readonly string[] = [];
  displays: object[];
  /** Of the one app in a session. */
  holdsLock = true;
  readonly app: EventEmitter;
  /** As Electron's `ready`, which comes when the entry module has run to its end: a test says so after its import has settled. */
  readonly becomeReady: () => void;

  constructor(userData: string) {
    const workArea = { x: 0, y: 0, width: 1920, height: 1040 };
    this.displays = [{ id: 1, bounds: { ...workArea, height: 1080 }, workArea, touchSupport: "unknown" }];
    const ready = Promise.withResolvers<void>();
    this.becomeReady = ready.resolve;
    this.app = Object.assign(new EventEmitter(), {
      enableSandbox: () => undefined,
      requestSingleInstanceLock: () => true,
      whenReady: () => ready.promise,
      releaseSingleInstanceLock: () => {
        this.holdsLock = false;
      },
      getPath: () => userData,
      getVersion: () => "0.1.0",
      isPackaged: true,
      exit: (code: number) => this.exits.push(code),
    });
  }

  /** Windows that are open. */
  get open(): FakeWindow[] {
    return this.windows.filter(({ deeds }) => !deeds.includes("destroy"));
  }

  click(label: string): void {
    const item = this.menu.find((each) => each.label?.includes(label));
    if (item?.click === undefined) throw new Error(`the menu has no ${label}`);
    item.click();
  }

  /** The module, as `import "electron"` gives it. */
  module(): Record<string, unknown> {
    const electron = this;
    return {
      app: this.app,
      ipcMain: this.ipcMain,
      protocol: { registerSchemesAsPrivileged: () => undefined },
      net: { fetch: () => Promise.reject(new Error("no net")) },
      nativeImage: { createEmpty: () => ({}), createFromBitmap: () => ({}) },
      screen: Object.assign(new EventEmitter(), {
        getPrimaryDisplay: () => electron.displays[0],
        getAllDisplays: () => electron.displays,
      }),
      session: { fromPartition: (name: string) => electron.#session(name) },
      globalShortcut: {
        unregisterAll: () => electron.keys.clear(),
        register: (key: string, act: () => void) => !electron.taken.includes(key) && electron.keys.set(key, act) !== undefined,
      },
      utilityProcess: {
        fork: (_path: string, args: readonly string[]) => {
          const core = new FakeCore(args);
          electron.cores.push(core);
          return core;
        },
      },
      Menu: {
        setApplicationMenu: () => undefined,
        buildFromTemplate: (items: readonly MenuItem[]) => {
          electron.menu = items;
        },
      },
      Tray: class {
        setImage(): void {}
        setToolTip(): void {}
        setContextMenu(): void {}
      },
      MessageChannelMain: class {
        readonly port1 = { end: "core" };
        readonly port2 = { end: "page" };
      },
      BrowserWindow: class extends FakeWindow {
        constructor(options: FakeWindow["options"]) {
          super(electron, options);
        }
      },
    };
  }

  #session(name: string): object {
    const recorded: FakeSession = { permission: () => true, cancels: () => false, serve: undefined };
    if (!this.sessions.has(name)) this.sessions.set(name, recorded);
    const kept = this.sessions.get(name) as FakeSession;
    return {
      setPermissionRequestHandler: () => undefined,
      setPermissionCheckHandler: (handler: (contents: null, permission: string) => boolean) => {
        kept.permission = (permission) => handler(null, permission);
      },
      setDevicePermissionHandler: () => undefined,
      on: () => undefined,
      protocol: {
        handle: (_scheme: string, serve: FakeSession["serve"]) => {
          kept.serve = serve;
        },
      },
      webRequest: {
        onBeforeRequest: (listener: (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void) => {
          kept.cancels = (url) => {
            let isCancelled = false;
            listener({ url }, ({ cancel }) => {
              isCancelled = cancel;
            });
            return isCancelled;
          };
        },
      },
    };
  }
}
