import { z } from "zod";
import { STRIP_ACTIONS, type StripAction } from "../messages/preferences.ts";
import { SHARED_SHELL } from "../messages/shared-shell.ts";
import { homeOf } from "./home.ts";

const pageSchema = z.string().refine((address) => homeOf(address) !== null, "an address on this PC, or one with https");

/** shell.json in the folder of this user's app: what the windows around the screens look like. Everything else the core has. */
export const shellSettingsSchema = z.strictObject({
  edge: SHARED_SHELL.edge.default("top").describe("Edge of the monitor at which the strip stands"),
  monitorId: z.number().int().nullable().default(null).describe("Monitor of the strip; null: the main one"),
  shortcuts: SHARED_SHELL.shortcuts
    .default({ endCase: "Ctrl+Alt+1", inviteAgain: "Ctrl+Alt+4", pause: "Ctrl+Alt+6" })
    .describe("Keys that work in every program"),
  citizen: z
    .strictObject({ page: pageSchema, typing: z.boolean().default(false).describe("A touch may take the keyboard from the clerk") })
    .nullable()
    .default(null)
    .describe("Page of a browser pad on the second monitor"),
  screens: z.array(pageSchema).max(16).default([]).describe("Strips of a window-host that owns this PC; remembered when they were opened"),
  update: SHARED_SHELL.update.default(null),
});
export type ShellSettings = z.infer<typeof shellSettingsSchema>;

export type ReadSettings = {
  readonly settings: ShellSettings;
  /** What the user's own file says, without the hall's and the usual. */
  readonly own: object;
  readonly trouble: string | null;
};

/**
 * Absent is not unreadable: without a file the usual settings hold; with one that cannot be understood they hold too, and it is said.
 * @param text content of shell.json; null if there is none
 * @param ofHall what the hall's site file says, which holds where the user has chosen nothing; one that cannot be used says nothing
 */
export const readShellSettings = (text: string | null, ofHall: string | null = null): ReadSettings => {
  const hall = objectIn(ofHall) ?? {};
  const usual = shellSettingsSchema.safeParse(hall).data ?? shellSettingsSchema.parse({});
  if (text === null) return { settings: usual, own: {}, trouble: null };
  const own = objectIn(text);
  if (own === undefined) return { settings: usual, own: {}, trouble: "shell.json is not JSON" };
  const parsed = shellSettingsSchema.safeParse({ ...usual, ...own });
  if (parsed.success) return { settings: parsed.data, own, trouble: null };
  const [issue] = parsed.error.issues;
  return { settings: usual, own: {}, trouble: `shell.json: ${issue?.path.join(".") || "file"}: ${issue?.message}` };
};

const objectIn = (text: string | null): object | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

export interface GlobalShortcut {
  readonly action: StripAction;
  /** As Electron writes it; our chords are a part of that. */
  readonly accelerator: string;
  /** The action opens a form, so its key brings the strip to the front with the keyboard; the others leave the focus where it is. */
  readonly opensForm: boolean;
}

const AT_ONCE: readonly StripAction[] = ["endCase", "inviteAgain"];

/** The keys that are taken in every program. Of two actions on one key the first one has it; the second has none. */
export const globalShortcuts = ({ shortcuts }: Pick<ShellSettings, "shortcuts">): GlobalShortcut[] => {
  const taken = new Set<string>();
  return STRIP_ACTIONS.flatMap((action) => {
    const accelerator = shortcuts[action];
    if (accelerator === undefined || taken.has(accelerator)) return [];
    taken.add(accelerator);
    return [{ action, accelerator, opensForm: !AT_ONCE.includes(action) }];
  });
};
