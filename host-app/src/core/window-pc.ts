import { type HostOptions, type RunningHost, startHost } from "./host.ts";
import { isDamage } from "./rescue/damage.ts";
import type { RescueHost } from "./rescue/rescue-host.ts";

/** What runs on a data folder: the window PC, or, while its database is damaged, nothing but the rescue. */
export type Running = { readonly is: "host"; readonly host: RunningHost } | { readonly is: "rescue"; readonly host: RescueHost };

export interface WindowPc {
  readonly running: Running;
  /** The listener is called whenever something else runs than before. */
  onChange(listener: () => void): void;
  /** Fails when it was to go on after a rescue, and cannot; nothing runs then. Never resolves. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/**
 * Starts the window PC; if its database is damaged, its rescue in its place, and then, when a sound database is there, the window PC.
 * @throws as `startHost`, but for WR4001; nothing is left running then
 */
export const startWindowPc = async (options: HostOptions): Promise<WindowPc> => {
  const listeners = new Set<() => void>();
  let isClosed = false;
  let changing: Promise<void> = Promise.resolve();
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  // Whoever does not wait for it learns nothing of it; that is no unhandled failure.
  failed.catch(() => undefined);
  let running: Running;
  const recovered = (): void => {
    changing = goOn().catch(fail);
  };
  const goOn = async (): Promise<void> => {
    const { deskPort } = running.host;
    await running.host.close();
    if (isClosed) return;
    // A one-time code was used up by the start that found the damage. Whoever knows the port finds the window PC there again.
    const { enrolCode: _, config, ...others } = options;
    running = await begin({ ...others, config: { ...config, deskPort } }, recovered);
    for (const listener of listeners) listener();
  };
  running = await begin(options, recovered);
  return {
    get running() {
      return running;
    },
    onChange: (listener) => {
      listeners.add(listener);
    },
    failed,
    close: async () => {
      isClosed = true;
      await changing;
      await running.host.close();
    },
  };
};

const begin = async (options: HostOptions, recovered: () => void): Promise<Running> => {
  try {
    return { is: "host", host: await startHost(options) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const { startRescueHost } = await import("./rescue/rescue-host.ts");
    return { is: "rescue", host: await startRescueHost({ ...options, damage: error, recovered }) };
  }
};
