import { z } from "zod";
import { SHARED_SHELL } from "../messages/shared-shell.ts";
import { type Home, mayGo } from "./home.ts";

/**
 * What a page may say to the window around it. Declared once; whatever is not in here has no channel. What the clerk does goes another way:
 * over a message port straight to the core, which checks it against host-app/src/messages; or, on a strip that another core serves, over
 * that page's own WebSocket. `from`: the homes of the windows whose page may say it.
 */
export const SHELL_MESSAGES = {
  /** Asks for a new message port to the core. */
  connect: { body: z.undefined(), from: ["app"] },
  /** Height that an opened form needs, CSS pixels; null: the docked height again. */
  needHeight: { body: z.number().int().min(1).max(10_000).nullable(), from: ["app", "origin"] },
  /** Asks for the keys that work in every program. */
  askKeys: { body: z.undefined(), from: ["app", "origin"] },
  /** Other keys than those, from now on. */
  keepKeys: { body: SHARED_SHELL.shortcuts, from: ["app", "origin"] },
} as const satisfies Record<string, { readonly body: z.ZodType; readonly from: readonly Home["is"][] }>;
export type ShellMessage = keyof typeof SHELL_MESSAGES;

/** What the window says to its page: a port to the core, an action whose global shortcut was pressed, and the keys that work everywhere. */
export const TO_PAGE = { port: "port", action: "action", keys: "keys" } as const;

/** On the wire of Electron's IPC; the preload, which can import nothing, has the same texts, and a test compares them. */
export const channelName = (name: ShellMessage | keyof typeof TO_PAGE): string => `window-rating:${name}`;

/** Who sent a message, as Electron says it, not as the sender does. */
export interface ShellSender {
  /** Id of the web contents, which names the window. */
  readonly contentsId: number;
  /** null: the frame is gone already. */
  readonly frame: { readonly url: string; readonly isTop: boolean } | null;
}

export type ShellVerdict<Name extends ShellMessage> =
  | { readonly is: "admitted"; readonly body: z.output<(typeof SHELL_MESSAGES)[Name]["body"]> }
  | { readonly is: "refused"; readonly because: string };

/**
 * The one check of every message from a page: it is from the top frame of a window of ours, that frame shows a page of what that window was
 * opened for, such a page may say it, and the message is as declared.
 * @param windows tells what serves a window's pages; null for one that we did not open with our preload
 */
export const admitShellMessage = <Name extends ShellMessage>(
  name: Name,
  { contentsId, frame }: ShellSender,
  body: unknown,
  windows: { home(contentsId: number): Home | null },
): ShellVerdict<Name> => {
  const refused = (because: string): ShellVerdict<Name> => ({ is: "refused", because: `${name}: ${because}` });
  const home = windows.home(contentsId);
  if (home === null) return refused("from a window that was not opened with the preload");
  if (frame === null) return refused("from a frame that is gone");
  if (!frame.isTop) return refused("from a frame inside the page");
  if (!mayGo(frame.url, home)) return refused("from a page that is not at home in its window");
  const { body: declared, from } = SHELL_MESSAGES[name];
  if (!from.some((is) => is === home.is)) return refused("from a page that another program serves");
  const parsed = declared.safeParse(body);
  if (!parsed.success) return refused("not as declared");
  return { is: "admitted", body: parsed.data as z.output<(typeof SHELL_MESSAGES)[Name]["body"]> };
};
