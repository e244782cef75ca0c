// Runs sandboxed before each page of ours. It can import nothing of ours: the channels below are those of shell-message.ts, and a test
// compares them. A page gets at most two objects of a few functions, and no Electron.
const { contextBridge, ipcRenderer } = require("electron");

const CONNECT = "window-rating:connect";
const NEED_HEIGHT = "window-rating:needHeight";
const PORT = "window-rating:port";
const ACTION = "window-rating:action";
const KEYS = "window-rating:keys";
const ASK_KEYS = "window-rating:askKeys";
const KEEP_KEYS = "window-rating:keepKeys";

/** @type {{ opened(): void, text(text: string): void, closed(cause: "lost" | "refused"): void } | undefined} */
let listener;
/**
 * What a page's MessagePort has that is used here.
 * @typedef {{ postMessage(text: string): void, start(): void, close(): void, onmessage: ((message: { data: unknown }) => void) | null,
 *   addEventListener(event: "close", act: () => void): void }} Port
 */
/** @type {Port | undefined} */
let port;

const over = () => {
  const told = listener;
  port?.close();
  listener = undefined;
  port = undefined;
  told?.closed("lost");
};

ipcRenderer.on(PORT, ({ ports }) => {
  /** @type {readonly Port[]} */
  const [next] = ports;
  // An empty answer: the core is not there yet, and the page tries again.
  if (next === undefined || listener === undefined) return over();
  port?.close();
  port = next;
  port.onmessage = ({ data }) => {
    if (typeof data === "string") listener?.text(data);
  };
  port.addEventListener("close", () => {
    if (port === next) over();
  });
  listener.opened();
  port.start();
});

const carrier = {
  /** @param {NonNullable<typeof listener>} next */
  connect(next) {
    over();
    listener = next;
    ipcRenderer.send(CONNECT);
    return {
      /** @param {unknown} text */
      send: (text) => {
        if (typeof text === "string") port?.postMessage(text);
      },
      close: () => over(),
    };
  },
};
const { location } = /** @type {{ readonly location: { readonly protocol: string } }} */ (/** @type {unknown} */ (globalThis));
// A page that another core serves has a WebSocket to that one.
if (location.protocol === "window-rating-app:") contextBridge.exposeInMainWorld("windowRatingCarrier", carrier);

/** @type {((action: string) => void) | undefined} */
let act;
/** @type {((keys: unknown) => void) | undefined} */
let tellKeys;

contextBridge.exposeInMainWorld("windowRatingShell", {
  /** @param {unknown} px */
  needHeight: (px) => ipcRenderer.send(NEED_HEIGHT, px),
  /** @param {(action: string) => void} next told of each global shortcut, from now on alone */
  onAction: (next) => {
    act = next;
  },
  /** @param {(keys: unknown) => void} next told of the keys that work in every program, now and when they change; from now on alone */
  onKeys: (next) => {
    tellKeys = next;
    ipcRenderer.send(ASK_KEYS);
  },
  /** @param {unknown} shortcuts */
  keepKeys: (shortcuts) => ipcRenderer.send(KEEP_KEYS, shortcuts),
});

ipcRenderer.on(ACTION, (_event, action) => act?.(action));
ipcRenderer.on(KEYS, (_event, keys) => tellKeys?.(keys));
