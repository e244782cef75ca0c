/**
 * Which folder may import which: the folder table of the design, as data. `npm run check` holds every file against it.
 * Paths are relative to the repository, with forward slashes.
 */

export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "builtin"; readonly name: string };

/** What each folder may import of the others. */
const ARROWS: Readonly<Record<string, readonly RegExp[]>> = {
  protocol: [],
  "device-profiles": [/^protocol\//],
  "firmware-sim": [/^protocol\//, /^device-profiles\//],
  "host-app": [/^protocol\//, /^device-profiles\//],
  // Of the protocol what both ends of the sync speak: entries, ratings and their reasons, and contacts that only central can open.
  central: [/^protocol\/src\/(sync|errors|reasons|contact)\//, /^protocol\/src\/rating\.ts$/],
  scripts: [/^/],
};

/** What the tests of a folder may import besides. */
const TEST_ARROWS: Readonly<Record<string, readonly RegExp[]>> = {
  "host-app": [/^firmware-sim\//],
};

/** A command's bin file is three lines that start the launcher, before anything of its folder runs. */
const BIN = { file: /^[^/]+\/bin\/[^/]+\.mjs$/, may: "scripts/launch/launch.mjs" };

/** Rules within a folder. `imports` says what is forbidden there. */
interface InnerRule {
  readonly files: RegExp;
  readonly except?: readonly RegExp[];
  readonly forbids: (target: Target) => boolean;
  readonly because: string;
}

/** Tests, and the folders of what only tests use. */
const TEST = /\.test\.ts$|\/test(ing)?\//;

/** The command that writes the tables of SPEC.md: it lives beside the messages and reads and writes a file. */
const SPEC_TABLES = /\/spec-tables\.ts$/;

const INNER_RULES: readonly InnerRule[] = [
  {
    files: /^protocol\/src\/pad\//,
    except: [TEST, SPEC_TABLES],
    forbids: (target) => target.kind === "builtin" || (target.kind === "package" && !target.name.startsWith("@noble/")),
    because: "the pad protocol must run anywhere: no node: modules and no packages there, but for the arithmetic of @noble",
  },
  {
    files: /^protocol\//,
    except: [TEST, SPEC_TABLES],
    forbids: (target) => target.kind === "builtin",
    because: "protocol is pure: no I/O and no clock of its own",
  },
  {
    files: /^host-app\/src\/core\//,
    forbids: (target) =>
      target.kind === "file"
        ? /^host-app\/src\/(electron|ui)\//.test(target.path)
        : target.kind === "package" && target.name === "electron",
    because: "the core of the window PC runs as plain Node: no Electron and no screens there",
  },
];

/**
 * Judges one import.
 *
 * @param from path of the importing file
 * @param byName whether a file of ours is named by its package (`@window-rating/…`) and not by a relative path
 * @returns why it is forbidden; undefined when it is allowed
 */
export function judge(from: string, target: Target, byName: boolean): string | undefined {
  const inner = INNER_RULES.find(
    ({ files, except = [], forbids }) => files.test(from) && !except.some((pattern) => pattern.test(from)) && forbids(target),
  );
  if (inner !== undefined) return inner.because;
  return target.kind === "file" ? judgeFolder(from, target.path, byName) : undefined;
}

function judgeFolder(from: string, to: string, byName: boolean): string | undefined {
  const [home, abroad] = [folderOf(from), folderOf(to)];
  // Configuration files at the root belong to no folder and may use what they configure.
  if (home === undefined || home === abroad) return undefined;
  if (BIN.file.test(from) && to === BIN.may) return undefined;
  const allowed = [...(ARROWS[home] ?? []), ...(TEST.test(from) ? (TEST_ARROWS[home] ?? []) : [])];
  if (!allowed.some((pattern) => pattern.test(to))) return `${home} may not import ${to}`;
  return byName ? undefined : "a file of another folder is imported by its package name, so that only what that folder exports is used";
}

function folderOf(file: string): string | undefined {
  const [folder] = file.split("/", 1);
  return folder !== undefined && folder in ARROWS ? folder : undefined;
}
