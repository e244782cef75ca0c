import type { Permission } from "../../access/viewer.ts";
import type { WordKey } from "../words/use-words.ts";

export interface MenuEntry {
  readonly path: string;
  readonly title: WordKey;
  readonly needs: Permission;
}
interface MenuGroup {
  readonly title: WordKey;
  readonly entries: readonly MenuEntry[];
}

/** Every page that has a place in the menu, and the permission without which central would not answer it. */
const MENU: readonly MenuGroup[] = [
  {
    title: "group.now",
    entries: [
      { path: "/live", title: "title.live", needs: "see:halls" },
      { path: "/charts", title: "title.charts", needs: "see:ratings" },
    ],
  },
  {
    title: "group.records",
    entries: [
      { path: "/ratings", title: "title.ratings", needs: "see:ratings" },
      { path: "/cases", title: "title.cases", needs: "see:cases" },
      { path: "/troubles", title: "title.troubles", needs: "see:troubles" },
      { path: "/registry", title: "title.registry", needs: "see:registry" },
    ],
  },
  {
    title: "group.rules",
    entries: [
      { path: "/policy", title: "title.policy", needs: "see:policy" },
      { path: "/explain", title: "title.explain", needs: "see:policy" },
      { path: "/steps", title: "title.steps", needs: "see:steps" },
      { path: "/calendar", title: "title.calendar", needs: "see:policy" },
    ],
  },
  {
    title: "group.work",
    entries: [
      { path: "/window-pcs", title: "title.windowPcs", needs: "see:halls" },
      { path: "/jobs", title: "title.jobs", needs: "see:jobs" },
      { path: "/sms", title: "title.sms", needs: "see:sms" },
      { path: "/imports", title: "title.imports", needs: "see:imports" },
    ],
  },
  {
    title: "group.access",
    entries: [
      { path: "/accounts", title: "title.accounts", needs: "do:accounts" },
      { path: "/keys", title: "title.keys", needs: "do:keys" },
      { path: "/audit", title: "title.audit", needs: "see:audit" },
    ],
  },
];

/** The groups with what somebody may see; empty ones are left out. */
export const menuFor = (permissions: readonly Permission[]): readonly MenuGroup[] =>
  MENU.map(({ title, entries }) => ({ title, entries: entries.filter(({ needs }) => permissions.includes(needs)) })).filter(
    ({ entries }) => entries.length > 0,
  );

/** The permission that a path needs; undefined: none but to be signed in. */
export const neededFor = (path: string): Permission | undefined =>
  MENU.flatMap(({ entries }) => entries).find((entry) => path === entry.path || path.startsWith(`${entry.path}/`))?.needs;
