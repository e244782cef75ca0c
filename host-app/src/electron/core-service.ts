import type { ErrorCode } from "@window-rating/protocol/error";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { HostStatus } from "../core/commands/status-shape.ts";
import type { WindowPc } from "../core/window-pc.ts";
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
export const serveCore = async (parent: ParentPort, start: () => Promise<WindowPc>, timers: Timers): Promise<void> => {
  const failed = (error: unknown): void => {
    const code: ErrorCode | null = error instanceof WindowRatingError ? error.code : null;
    parent.postMessage({ is: "failed", code, text: (error as Error).message });
  };
  let pc: WindowPc;
  try {
    pc = await start();
  } catch (error) {
    return failed(error);
  }
  const tellHealth = (): void => {
    const { running } = pc;
    if (running.is === "host") parent.postMessage({ is: "health", health: healthOf(running.host.status()) });
  };
  const tellRunning = (): void => {
    const { running } = pc;
    if (running.is === "rescue") return parent.postMessage({ is: "rescue", code: running.host.damage.code });
    parent.postMessage({ is: "ready", windowNos: running.host.status().windows.map(({ windowNo }) => windowNo) });
    tellHealth();
  };
  const ended = new Promise<void>((resolve) => {
    parent.on("message", ({ data, ports: [port] }) => {
      const asked = toCoreSchema.safeParse(data);
      if (!asked.success) return port?.close();
      if (asked.data.is === "close") return resolve();
      const { screen, windowNo } = asked.data;
      // A screen that cannot be connected sees its port closed, and tries again.
      if (port !== undefined) pc.running.host.screens.connectPort(port, { screen, windowNo }).catch(() => port.close());
    });
  });
  tellRunning();
  pc.onChange(tellRunning);
  const timer = timers.setInterval(tellHealth, HEALTH_EVERY_MS);
  await Promise.race([ended, pc.failed]).catch(failed);
  timers.clearInterval(timer);
  await pc.close();
};

/** What the main process may know of a host's status. */
const healthOf = ({ identity, windows, queue, requests }: HostStatus): CoreHealth => ({
  windowPcId: identity.windowPcId,
  windows: windows.map(({ windowNo, pad }) => ({ windowNo, pad: pad.connection })),
  waiting: queue.waiting,
  setAside: queue.setAside,
  isBusy: (requests.byState.waiting ?? 0) + (requests.byState.shown ?? 0) > 0,
});
