/** What the lock file says of one place: a package under node_modules, or the folder of a workspace. */
export interface LockedPlace {
  readonly version?: string;
  /** Of a link to a workspace: that workspace's folder. */
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly os: "linux" | "win32";
  readonly cpu: "x64" | "arm64";
}

const CUT = "/node_modules/";

/** The folders in which Node looks for a package that the given place asks for, nearest first; "" is the root of the repository. */
const lookedInFrom = (place: string): string[] => {
  const folders = [place];
  for (let rest = place; rest !== ""; ) {
    const cut = rest.lastIndexOf(CUT);
    rest = cut === -1 ? "" : rest.slice(0, cut);
    folders.push(rest);
  }
  return folders;
};

const findPackage = (locked: Readonly<Record<string, LockedPlace>>, from: string, name: string): string | undefined =>
  lookedInFrom(from)
    .map((folder) => `${folder === "" ? "" : `${folder}/`}node_modules/${name}`)
    .find((place) => locked[place] !== undefined);

const runsOn = ({ os, cpu }: LockedPlace, machine: Machine): boolean =>
  (os === undefined || os.includes(machine.os)) && (cpu === undefined || cpu.includes(machine.cpu));

/**
 * Every place that a workspace needs when it runs: itself, the workspaces and the packages it depends on, and theirs.
 *
 * @param locked the `packages` of package-lock.json
 * @param left dependencies of the workspace itself that are left out
 * @returns places such as `host-app` and `node_modules/zod`, sorted
 */
export const lockClosure = (
  locked: Readonly<Record<string, LockedPlace>>,
  workspace: string,
  machine: Machine,
  left: readonly string[] = [],
): string[] => {
  const found = new Set<string>();
  const visit = (place: string): void => {
    const here = locked[place];
    if (here === undefined) throw new Error(`package-lock.json does not know ${place}: run npm install once`);
    if (found.has(place) || !runsOn(here, machine)) return;
    found.add(place);
    for (const name of Object.keys({ ...here.dependencies, ...here.optionalDependencies })) {
      if (place === workspace && left.includes(name)) continue;
      const next = findPackage(locked, place, name);
      if (next !== undefined) visit(locked[next]?.link === true ? (locked[next].resolved ?? next) : next);
      else if (here.optionalDependencies?.[name] === undefined)
        throw new Error(`package-lock.json has no ${name}, which ${place} depends on: run npm install once`);
    }
  };
  visit(workspace);
  return [...found].sort();
};
