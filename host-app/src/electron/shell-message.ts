import { z } from "zod";
import { APP_ORIGIN } from "./home.ts";

/**
 * What a page of ours may say to the window around it. Declared once; whatever is not in here has no channel. What the clerk does goes
 * another way: over a message port straight to the core, which checks it against host-app/src/messages.
 */
export const SHELL_MESSAGES = {
  /** Asks for a new message port to the core. */
  connect: z.undefined(),
  /** Height that an opened form needs, CSS pixels; null: the docked height again. */
  needHeight: z.number().int().min(1).max(10_000).nullable(),
} as const;
export type ShellMessage = keyof typeof SHELL_MESSAGES;

/** What the window says to its page: a port to the core, and an action whose global shortcut was pressed. */
export const TO_PAGE = { port: "port", action: "action" } as const;

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
  | { readonly is: "admitted"; readonly body: z.output<(typeof SHELL_MESSAGES)[Name]> }
  | { readonly is: "refused"; readonly because: string };

/**
 * The one check of every message from a page: it is from the top frame of a window of ours, that frame shows a page of our own scheme, and
 * the message is as declared.
 * @param windows ids of the web contents that we opened with our preload
 */
export const admitShellMessage = <Name extends ShellMessage>(
  name: Name,
  { contentsId, frame }: ShellSender,
  body: unknown,
  windows: { has(contentsId: number): boolean },
): ShellVerdict<Name> => {
  const refused = (because: string): ShellVerdict<Name> => ({ is: "refused", because: `${name}: ${because}` });
  if (!windows.has(contentsId)) return refused("from a window that was not opened with the preload");
  if (frame === null) return refused("from a frame that is gone");
  if (!frame.isTop) return refused("from a frame inside the page");
  if (!frame.url.startsWith(`${APP_ORIGIN}/`)) return refused("from a page that is not ours");
  const parsed = SHELL_MESSAGES[name].safeParse(body);
  if (!parsed.success) return refused("not as declared");
  return { is: "admitted", body: parsed.data as z.output<(typeof SHELL_MESSAGES)[Name]> };
};
