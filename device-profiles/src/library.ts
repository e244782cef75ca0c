import type { UsbIdentity } from "./identity-schema.ts";
import { nearest } from "./nearest.ts";
import { claimsDevice, overlaps } from "./overlap.ts";
import { type ProfileProblem, type ReadProfileFile, readProfileText } from "./profile-text.ts";
import type { Profile } from "./schema.ts";

/** Where profiles come from: a folder, or anything else that can list and read files. Paths use `/` and are relative to the profile folder. */
export interface ProfileSource {
  list(): readonly string[];
  /** Throws if it cannot be read. */
  read(file: string): string;
}

export interface ProfileLibrary {
  /** By id; a file with variants gives several. */
  readonly profiles: readonly Profile[];
  /** Empty if every file is good and no two profiles claim the same pad. */
  readonly problems: readonly ProfileProblem[];
}

const TEMPLATE_FILE = /^templates\/(?<name>[^/]+)\.json$/;

/**
 * Reads every file of a source and finds everything that is wrong with them, one by one and together.
 * @param shared where templates come from that the source does not have
 */
export const readLibrary = (source: ProfileSource, shared?: ProfileSource): ProfileLibrary => {
  const files = [...source.list()].sort();
  const templates = templatesOf(source, files, shared);
  const found: { readonly file: string; readonly profile: Profile }[] = [];
  const problems: ProfileProblem[] = [];
  for (const file of files.filter((one) => !TEMPLATE_FILE.test(one))) {
    const read = readFile(source, file, templates.find);
    found.push(...read.profiles.map((profile) => ({ file, profile })));
    problems.push(...read.problems);
  }
  problems.push(
    ...templates.unused().map((file) => ({ file, path: "$", message: "is extended by no profile; delete it, or name it in extends" })),
  );
  if (found.length === 0 && problems.length === 0) problems.push({ file: ".", path: "$", message: "holds no profile" });
  const profiles = found.map(({ profile }) => profile).sort((one, other) => (one.id < other.id ? -1 : 1));
  return { profiles, problems: [...problems, ...namedTwice(found), ...claimedTwice(found)] };
};

interface Templates {
  find(name: string): string | undefined;
  /** Files of the source that nobody asked for. */
  unused(): string[];
}

const templatesOf = (source: ProfileSource, files: readonly string[], shared: ProfileSource | undefined): Templates => {
  const own = files.filter((file) => TEMPLATE_FILE.test(file));
  const used = new Set<string>();
  return {
    find: (name) => {
      const file = `templates/${name}.json`;
      used.add(file);
      if (own.includes(file)) return source.read(file);
      return shared?.list().includes(file) ? shared.read(file) : undefined;
    },
    unused: () => own.filter((file) => !used.has(file)),
  };
};

const readFile = (source: ProfileSource, file: string, findTemplate: Templates["find"]): ReadProfileFile => {
  try {
    return readProfileText(file, source.read(file), findTemplate);
  } catch (error) {
    return { profiles: [], problems: [{ file, path: "$", message: `cannot be read: ${(error as Error).message}` }] };
  }
};

type Found = readonly { readonly file: string; readonly profile: Profile }[];

/** A variant must not have the id of another profile. */
const namedTwice = (found: Found): ProfileProblem[] =>
  found.flatMap(({ file, profile: { id } }, place) => {
    const earlier = found.slice(0, place).find(({ profile }) => profile.id === id);
    return earlier === undefined
      ? []
      : [{ file, path: "$.variants", message: `"${id}" is the id of a profile in ${earlier.file} already` }];
  });

/** Two profiles must not claim one USB device; a bridge chip that many share claims nothing. Every pair is looked at, each told once. */
const claimedTwice = (found: Found): ProfileProblem[] => {
  const claims = found.flatMap(({ file, profile }) =>
    profile.identity.usb.flatMap((usb: UsbIdentity, index) => (claimsDevice(usb) ? [{ file, profile, index, usb }] : [])),
  );
  return claims.flatMap((later, place) =>
    claims
      .slice(0, place)
      .filter((earlier) => overlaps(earlier.usb, later.usb))
      .map(({ profile: { id } }) => ({
        file: later.file,
        path: `$.identity.usb[${later.index}]`,
        message:
          id === later.profile.id
            ? "claims the same USB device as another entry of this profile"
            : `${later.profile.id} claims the same USB device as ${id}; add a serialNumber pattern or a product text to one of them`,
      })),
  );
};

/** `generic/five-buton` → `did you mean "generic/five-button"?`, or the list of all. */
export const suggestProfile = (id: string, ids: readonly string[]): string => {
  const meant = nearest(id, ids);
  return meant === undefined ? `there are: ${ids.join(", ")}` : `did you mean "${meant}"?`;
};
