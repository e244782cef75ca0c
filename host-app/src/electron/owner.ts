import { homeOf } from "./home.ts";
import type { OwnerReason } from "./owner-page.ts";

/** How the core of this session's app fared. */
export type CoreOutcome =
  | { readonly is: "ready"; readonly windowNos: readonly string[] }
  | { readonly is: "failed"; readonly code: string | null; readonly text: string };

/** What is shown, and what is tried next. One program owns the pads of a PC: whoever holds the lock of the data folder. */
export type OwnerStep =
  | { readonly is: "own" }
  /** Somebody else's core runs, and it may be asked: its screens are shown. */
  | { readonly is: "guest"; readonly url: string }
  | { readonly is: "tell"; readonly why: OwnerReason; readonly againInMs: number };

const AGAIN_MS = { session: 15_000, service: 60_000, failed: 5_000 } as const;

/**
 * @param asked address of a screen that the running core gave; null if it may not be asked by this user, or does not answer
 * @param remembered address of a screen that IT staff opened here before
 * @param isService whether the data folder is that of the system's service
 */
export const ownerStep = (
  outcome: CoreOutcome,
  { asked, remembered, isService }: { readonly asked: string | null; readonly remembered: string | null; readonly isService: boolean },
): OwnerStep => {
  if (outcome.is === "ready") return { is: "own" };
  // WR4005: another one has the lock. WR8006: the folder is another user's.
  const isHeld = outcome.code === "WR4005" || (outcome.code === "WR8006" && isService);
  if (!isHeld) return { is: "tell", why: "failed", againInMs: AGAIN_MS.failed };
  const url = asked ?? remembered;
  if (url !== null) return { is: "guest", url };
  const why = isService ? "service" : "session";
  return { is: "tell", why, againInMs: AGAIN_MS[why] };
};

/** What a second start of the app in one session asks of the first, which goes on alone. */
export type Wish = { readonly is: "open" | "link"; readonly url: string } | { readonly is: "console" } | { readonly is: "show" };

/** @param args of the command line, without the program */
export const wishOf = (args: readonly string[]): Wish => {
  if (args.includes("--console")) return { is: "console" };
  const link = args.find((arg) => arg.startsWith("window-rating:"));
  if (link !== undefined) return { is: "link", url: link };
  const at = args.indexOf("--open");
  const url = at === -1 ? undefined : args[at + 1];
  // Only pages of this PC: a link from elsewhere must not lead a window of ours anywhere.
  const home = url === undefined ? null : homeOf(url);
  return url !== undefined && home?.is === "origin" && home.origin.startsWith("http:") ? { is: "open", url } : { is: "show" };
};

interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly exists: (path: string) => boolean;
}

const SERVICE_FOLDER = "/var/lib/window-rating/window";

/** The data folder: named by WINDOW_RATING_DATA, or else the machine's one on Windows, the service's on Linux if there is one, the user's. */
export const dataFolder = ({ platform, env, home, exists }: Surroundings): { readonly path: string; readonly isService: boolean } => {
  const named = env.WINDOW_RATING_DATA;
  if (named !== undefined && named !== "") return { path: named, isService: named === SERVICE_FOLDER };
  if (platform === "win32") return { path: `${env.PROGRAMDATA ?? "C:\\ProgramData"}\\Window Rating\\window`, isService: false };
  if (exists(SERVICE_FOLDER)) return { path: SERVICE_FOLDER, isService: true };
  const base = env.XDG_DATA_HOME ?? "";
  return { path: `${base.startsWith("/") ? base : `${home}/.local/share`}/window-rating/window`, isService: false };
};
