import { nearest } from "./nearest.ts";
import { type ProfileProblem, readProfileText } from "./profile-text.ts";
import type { Profile, UsbIdentity } from "./schema.ts";

/** Where profiles come from: a folder, or anything else that can list and read files. Paths use `/` and are relative to the profile folder. */
export interface ProfileSource {
  list(): readonly string[];
  /** Throws if it cannot be read. */
  read(file: string): string;
}

export interface ProfileLibrary {
  /** By id. */
  readonly profiles: readonly Profile[];
  /** Empty if every file is good and no two profiles claim the same pad. */
  readonly problems: readonly ProfileProblem[];
}

/** Reads every file of a source and finds everything that is wrong with them, one by one and together. */
export const readLibrary = (source: ProfileSource): ProfileLibrary => {
  const profiles: Profile[] = [];
  const problems: ProfileProblem[] = [];
  for (const file of [...source.list()].sort()) {
    const read = readFile(source, file);
    if ("profile" in read) profiles.push(read.profile);
    else problems.push(...read.problems);
  }
  profiles.sort((one, other) => (one.id < other.id ? -1 : 1));
  if (profiles.length === 0 && problems.length === 0) problems.push({ file: ".", path: "$", message: "holds no profile" });
  return { profiles, problems: [...problems, ...claimedTwice(profiles)] };
};

const readFile = (source: ProfileSource, file: string): ReturnType<typeof readProfileText> => {
  try {
    return readProfileText(file, source.read(file));
  } catch (error) {
    return { problems: [{ file, path: "$", message: `cannot be read: ${(error as Error).message}` }] };
  }
};

/** Two profiles must not claim one USB device; shared bridge chips claim nothing. Every pair is looked at. */
const claimedTwice = (profiles: readonly Profile[]): ProfileProblem[] => {
  const claims = profiles.flatMap((profile) =>
    profile.identity.usb.flatMap((usb, index) => (usb.sharedBridgeChip ? [] : [{ profile, index, claim: claimOf(usb) }])),
  );
  return claims.flatMap((later, place) => {
    const earlier = claims.slice(0, place).find(({ claim }) => claim === later.claim);
    if (earlier === undefined) return [];
    const message = `claims the same USB device as ${earlier.profile.id}; add a serialNumber pattern or a product text to one of them`;
    return [{ file: `${later.profile.id}.json`, path: `$.identity.usb[${later.index}]`, message }];
  });
};

const claimOf = ({ vendorId, productId, serialNumber = "*", manufacturer = "*", product = "*" }: UsbIdentity): string =>
  JSON.stringify([vendorId, productId, serialNumber, manufacturer, product].map((part) => part.toLowerCase()));

/** `generic/five-buton` → `did you mean "generic/five-button"?`, or the list of all. */
export const suggestProfile = (id: string, ids: readonly string[]): string => {
  const meant = nearest(id, ids);
  return meant === undefined ? `there are: ${ids.join(", ")}` : `did you mean "${meant}"?`;
};
