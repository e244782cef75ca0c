/** Who works with the console, and what each may. Pure: the page uses the same table to show only what will be answered. */

export const ROLES = ["it", "hall", "agency", "supervisor", "auditor", "publisher"] as const;
export type Role = (typeof ROLES)[number];

/** Whose rows an account sees: all of central, an agency with everything beneath it, or one hall. */
export type Scope =
  | { readonly is: "all" }
  | { readonly is: "agency"; readonly agencyCode: string }
  | { readonly is: "hall"; readonly hallNo: string };

/** Whoever is signed in. */
export interface Viewer {
  readonly accountNo: number;
  /** With which the account signs in. */
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly scope: Scope;
}

const ROLES_OF = {
  /** Halls, their windows, pads and window PCs, as they are now. */
  "see:halls": ["it", "hall", "agency", "supervisor", "auditor"],
  "see:cases": ["it", "hall", "agency", "supervisor", "auditor"],
  "see:ratings": ["it", "hall", "agency", "supervisor", "auditor", "publisher"],
  /** Who sat where when, and the registry of halls, windows, clerks and items. */
  "see:registry": ["it", "hall", "agency", "supervisor", "auditor"],
  /** Entries set aside, refused reports, incidents. */
  "see:troubles": ["it", "hall", "agency", "supervisor", "auditor"],
  /** Takes in again what was refused. */
  "do:retake": ["it"],
  /** Decides whether an entry counts whose place in the chain another has. Whoever takes files in is not who decides. */
  "do:decide": ["supervisor"],
  /** Says that a window PC is gone and nobody waits for it. */
  "do:retire": ["it"],
  /** Steps of the handling of ratings: those that wait for a date, those that are open. */
  "see:steps": ["it", "hall", "agency", "supervisor", "auditor"],
  /** Sets the date that a document leaves open, begins and closes steps. */
  "do:steps": ["agency", "supervisor"],
  /** Computes open steps anew, after the rules or the calendar were changed. */
  "do:recompute": ["it", "supervisor"],
  /** Rules of the regions and the calendar. */
  "see:policy": ["it", "hall", "agency", "supervisor", "auditor", "publisher"],
  "see:jobs": ["it", "supervisor", "auditor"],
  /** The log of messages, which names no phone. */
  "see:sms": ["it", "supervisor", "auditor"],
  "see:imports": ["it", "supervisor", "auditor"],
  "do:imports": ["it"],
  /** What citizens wrote, with name and phone: with a reason, and on the record. IT keeps the keys and therefore never looks. */
  "see:personal": ["hall", "agency", "supervisor"],
  "do:accounts": ["it"],
  "do:keys": ["it"],
  /** Who looked at what and why, and what was done with accounts. Whoever is watched does not read along. */
  "see:audit": ["auditor"],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Permission = keyof typeof ROLES_OF;
export const PERMISSIONS = Object.keys(ROLES_OF) as readonly Permission[];

/** What is not of one hall or agency: only who sees all of central may. */
const WHOLE_ONLY: ReadonlySet<Permission> = new Set([
  "do:retake",
  "do:decide",
  "do:retire",
  "do:recompute",
  "see:jobs",
  "see:sms",
  "see:imports",
  "do:imports",
  "do:accounts",
  "do:keys",
  "see:audit",
]);

/** Whether somebody may do this at all; which rows they get is decided by their scope. */
export const may = ({ role, scope }: Pick<Viewer, "role" | "scope">, permission: Permission): boolean =>
  (ROLES_OF[permission] as readonly Role[]).includes(role) && (scope.is === "all" || !WHOLE_ONLY.has(permission));

/** Everything that somebody may do. */
export const permissionsOf = (viewer: Pick<Viewer, "role" | "scope">): Permission[] =>
  PERMISSIONS.filter((permission) => may(viewer, permission));
