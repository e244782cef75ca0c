/** Who owns a port, and what its group may do. */
interface Ownership {
  readonly path: string;
  readonly gid: number;
  /** As in stat: permission bits in the low nine. */
  readonly mode: number;
}

/** A line of /etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** What lets a user open a port that is denied to him: a udev rule, a group that he joins, or only a new log-in. */
export type PortRemedy =
  | { readonly is: "give-to-group"; readonly user: string }
  | { readonly is: "join-group" | "log-in-again"; readonly user: string; readonly group: string };

export const portRemedy = ({ gid, mode }: Omit<Ownership, "path">, user: string, groups: readonly Group[]): PortRemedy => {
  const group = groups.find((candidate) => candidate.gid === gid);
  const groupMayUse = (mode & 0o060) === 0o060;
  // Membership of group root opens far more than a port.
  if (group === undefined || gid === 0 || !groupMayUse) return { is: "give-to-group", user };
  return { is: group.members.includes(user) ? "log-in-again" : "join-group", user, group: group.name };
};

/** The same as a sentence. */
export const permissionAdvice = ({ path, ...owned }: Ownership, user: string, groups: readonly Group[]): string => {
  const remedy = portRemedy(owned, user, groups);
  switch (remedy.is) {
    case "give-to-group":
      return `No group may use ${path}: install a udev rule that gives it to one, for example SUBSYSTEM=="tty", GROUP="dialout", MODE="0660", then sudo usermod -aG dialout ${user}`;
    case "log-in-again":
      return `${user} is in group ${remedy.group} already, but not since the last log-in: log out and in again, or restart the service`;
    case "join-group":
      return `sudo usermod -aG ${remedy.group} ${user}, then log out and in again, or restart the service`;
  }
};

/** Who a process is. */
export interface PortUserIds {
  readonly name: string;
  readonly uid: number;
  readonly gids: readonly number[];
}

/** Whether these rights let that user read and write: the first class that fits decides, as the kernel does it. */
export const permits = ({ uid, gid, mode }: { uid: number; gid: number; mode: number }, user: PortUserIds): boolean => {
  if (user.uid === 0) return true;
  const bits = user.uid === uid ? 0o600 : user.gids.includes(gid) ? 0o060 : 0o006;
  return (mode & bits) === bits;
};

/** Names and numbers of /etc/passwd. */
export const readUsers = (text: string): { readonly name: string; readonly uid: number }[] =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length >= 7 && /^\d+$/.test(fields[2] ?? ""))
    .map(([name = "", , uid]) => ({ name, uid: Number(uid) }));

export const readGroups = (text: string): Group[] =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length === 4 && /^\d+$/.test(fields[2] ?? ""))
    .map(([name = "", , gid, members = ""]) => ({ name, gid: Number(gid), members: members.split(",").filter((member) => member !== "") }));
