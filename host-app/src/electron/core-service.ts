import type { ErrorCode } from "@window-rating/protocol/error";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { HostStatus } from "../core/commands/status-shape.ts";
import type { RunningHost } from "../core/host.ts";
import type { MessagePortLike } from "../messages/carrier.ts";
import { type CoreHealth, type FromCore, toCoreSchema } from "./core-link.ts";

/** The way to Electron's main process: `process.parentPort` of a utility process. */
export interface ParentPort {
  on(event: "message", listener: (message: { readonly data: unknown; readonly ports: readonly MessagePortLike[] }) => void): unknown;
  postMessage(message: FromCore): void;
}

interface Timers {
  setInterval(act: () => void, ms: number): unknown;
  clearInterval(timer: unknown): void;
}

/** How often the tray hears how the core is. */
const HEALTH_EVERY_MS = 5000;

/**
 * Runs the core for Electron: starts it, connects screens with it, tells how it is, and ends it when it is asked to.
 * @param start starts the core
 * @returns when it has ended, or did not start
 */
export const serveCore = async (parent: ParentPort, start: () => Promise<RunningHost>, timers: Timers): Promise<void> => {
  let host: RunningHost;
  try {
    host = await start();
  } catch (error) {
    const code: ErrorCode | null = error instanceof WindowRatingError ? error.code : null;
    parent.postMessage({ is: "failed", code, text: (error as Error).message });
    return;
  }
  const tellHealth = (): void => parent.postMessage({ is: "health", health: healthOf(host.status()) });
  const ended = new Promise<void>((resolve) => {
    parent.on("message", ({ data, ports: [port] }) => {
      const asked = toCoreSchema.safeParse(data);
      if (!asked.success) return port?.close();
      if (asked.data.is === "close") return resolve();
      const { screen, windowNo } = asked.data;
      // A screen that cannot be connected sees its port closed, and tries again.
      if (port !== undefined) host.screens.connectPort(port, { screen, windowNo }).catch(() => port.close());
    });
  });
  parent.postMessage({ is: "ready", windowNos: host.status().windows.map(({ windowNo }) => windowNo) });
  tellHealth();
  const timer = timers.setInterval(tellHealth, HEALTH_EVERY_MS);
  await ended;
  timers.clearInterval(timer);
  await host.close();
};

/** What the main process may know of a host's status. */
const healthOf = ({ identity, windows, queue, requests }: HostStatus): CoreHealth => ({
  windowPcId: identity.windowPcId,
  windows: windows.map(({ windowNo, pad }) => ({ windowNo, pad: pad.connection })),
  waiting: queue.waiting,
  setAside: queue.setAside,
  isBusy: (requests.byState.waiting ?? 0) + (requests.byState.shown ?? 0) > 0,
});
