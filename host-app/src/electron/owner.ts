import { z } from "zod";
import { homeOf } from "./home.ts";
import type { OwnerTold } from "./owner-page.ts";

/** How the core of this session's app fared. */
export type CoreOutcome =
  | { readonly is: "ready"; readonly windowNos: readonly string[] }
  | { readonly is: "rescue"; readonly code: string }
  | { readonly is: "failed"; readonly code: string | null; readonly text: string };

/** What is shown, and what is tried next. One program owns the pads of a PC: whoever holds the lock of the data folder. */
export type OwnerStep =
  | { readonly is: "own" }
  /** Somebody else's core runs, and it may be asked: the strips of its windows are shown. */
  | { readonly is: "guest"; readonly urls: readonly string[] }
  | ({ readonly is: "tell"; readonly againInMs: number } & OwnerTold);

/** A core that ended without a word is likely well the next time; one that said why waits for a person. */
const AGAIN_MS = { session: 15_000, service: 60_000, failed: 5_000, refused: 30_000 } as const;

/** What the core that runs already gave for its strips. */
export interface AskedStrips {
  /** An address for each window of the PC, each of which works once; none if it may not be asked by this user, or does not answer. */
  readonly urls: readonly string[];
  /** Why it gave none, where that is not ordinary. */
  readonly code: string | null;
}

interface Others {
  readonly asked: AskedStrips;
  /** Addresses of strips that IT staff opened here before. */
  readonly remembered: readonly string[];
  /** Whether the data folder is that of the system's service. */
  readonly isService: boolean;
}

export const ownerStep = (outcome: CoreOutcome, { asked, remembered, isService }: Others): OwnerStep => {
  if (outcome.is === "ready") return { is: "own" };
  // It goes on running, and tells when it is ready after all.
  if (outcome.is === "rescue") return { is: "tell", why: "rescue", code: outcome.code, againInMs: AGAIN_MS.refused };
  // WR4005: another one has the lock. WR8006: the folder is another user's.
  const isHeld = outcome.code === "WR4005" || (outcome.code === "WR8006" && isService);
  const { code } = outcome;
  if (!isHeld) return { is: "tell", why: "failed", code, againInMs: AGAIN_MS[code === null ? "failed" : "refused"] };
  const urls = asked.urls.length > 0 ? asked.urls : remembered;
  if (urls.length > 0) return { is: "guest", urls };
  const why = isService ? "service" : "session";
  return { is: "tell", why, code: asked.code, againInMs: AGAIN_MS[why] };
};

const handedOverSchema = z.object({ args: z.array(z.string()) });
/** What a second start hands to the first. Chromium hands over arguments too, in another order and with its own among them. */
export type HandedOver = z.infer<typeof handedOverSchema>;

export const argsOf = (handedOver: unknown): readonly string[] => handedOverSchema.safeParse(handedOver).data?.args ?? [];

/** What a second start of the app in one session asks of the first, which goes on alone. */
export type Wish =
  | { readonly is: "open"; readonly urls: readonly string[] }
  | { readonly is: "link"; readonly url: string }
  | { readonly is: "console" }
  | { readonly is: "show" };

/** @param args of the command line, without the program */
export const wishOf = (args: readonly string[]): Wish => {
  if (args.includes("--console")) return { is: "console" };
  const link = args.find((arg) => arg.startsWith("window-rating:"));
  if (link !== undefined) return { is: "link", url: link };
  const urls = args.filter((url, at) => args[at - 1] === "--open" && isOfThisPc(url));
  return urls.length > 0 ? { is: "open", urls } : { is: "show" };
};

/** Only pages of this PC: a link from elsewhere must not lead a window of ours anywhere. */
const isOfThisPc = (url: string): boolean => {
  const home = homeOf(url);
  return home?.is === "origin" && home.origin.startsWith("http:");
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
