// Runs sandboxed before each page of ours. It can import nothing of ours: the channels below are those of shell-message.ts, and a test
// compares them. A page gets two objects of a few functions, and no Electron.
const { contextBridge, ipcRenderer } = require("electron");

const CONNECT = "window-rating:connect";
const NEED_HEIGHT = "window-rating:needHeight";
const PORT = "window-rating:port";
const ACTION = "window-rating:action";

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

contextBridge.exposeInMainWorld("windowRatingCarrier", {
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
});

/** @type {((action: string) => void) | undefined} */
let act;

contextBridge.exposeInMainWorld("windowRatingShell", {
  /** @param {unknown} px */
  needHeight: (px) => ipcRenderer.send(NEED_HEIGHT, px),
  /** @param {(action: string) => void} next told of each global shortcut, from now on alone */
  onAction: (next) => {
    act = next;
  },
});

ipcRenderer.on(ACTION, (_event, action) => act?.(action));
