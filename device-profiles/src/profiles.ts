import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type ProfileLibrary, type ProfileSource, readLibrary, suggestProfile } from "./library.ts";
import { type ProfileProblem, type ReadProfileFile, readProfileText } from "./profile-text.ts";
import type { Profile } from "./schema.ts";

/** Folder of the profiles that come with this package. */
export const PROFILE_FOLDER: string = join(import.meta.dirname, "..", "profiles");

/**
 * The files of a folder.
 * @throws WindowRatingError WR2001 if there is no such folder.
 */
const folderSource = (folder: string): ProfileSource => ({
  list: () => {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
    } catch (error) {
      throw new WindowRatingError("WR2001", `the folder ${folder} cannot be listed: ${(error as Error).message}`, error);
    }
  },
  read: (file) => readFileSync(join(folder, file), "utf8"),
});

/** Everything in a folder, good or not; templates that it does not have are those that come with this package. */
export const readFolder = (folder: string): ProfileLibrary => readLibrary(folderSource(folder), folderSource(PROFILE_FOLDER));

export const problemLine = ({ file, path, message }: ProfileProblem): string => `${file} ${path}: ${message}`;

let shipped: readonly Profile[] | undefined;

/**
 * Every profile of a folder, by id.
 * @throws WindowRatingError WR2001 with everything that is wrong, if anything is: half a library would name a pad wrongly.
 */
export const loadProfiles = (folder: string = PROFILE_FOLDER): readonly Profile[] => {
  // What comes with this package does not change while it runs; checking it takes time that a fleet of pads would spend a thousand times.
  if (folder === PROFILE_FOLDER && shipped !== undefined) return shipped;
  const { profiles, problems } = readFolder(folder);
  if (problems.length > 0) throw new WindowRatingError("WR2001", problems.map(problemLine).join("; "));
  if (folder === PROFILE_FOLDER) shipped = profiles;
  return profiles;
};

/**
 * The profile of an id, `<maker>/<model>`, or of a file, `….json`; of a file with variants the first, or the one named behind a `#`:
 * `acme.json#acme/star-5-usb`.
 * @throws WR2002 naming the nearest id, if there is none; WR2001 as loadProfiles does.
 */
export const findProfile = (name: string, folder: string = PROFILE_FOLDER): Profile => {
  const [file = "", variant] = name.split("#");
  if (file.endsWith(".json")) return fromFile(file, variant);
  return pick(name, loadProfiles(folder));
};

const pick = (id: string, profiles: readonly Profile[]): Profile => {
  const found = profiles.find((profile) => profile.id === id);
  if (found !== undefined) return found;
  throw new WindowRatingError(
    "WR2002",
    `"${id}": ${suggestProfile(
      id,
      profiles.map((profile) => profile.id),
    )}`,
  );
};

/**
 * A profile file, wherever it is, with the templates that come with this package, and everything that is wrong with it.
 * @throws WR2001 if it cannot be read
 */
export const readProfileFile = (file: string): ReadProfileFile => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new WindowRatingError("WR2001", `${file} cannot be read: ${(error as Error).message}`, error);
  }
  const shared = folderSource(PROFILE_FOLDER);
  const findTemplate = (name: string): string | undefined =>
    shared.list().includes(`templates/${name}.json`) ? shared.read(`templates/${name}.json`) : undefined;
  return readProfileText(file, text, findTemplate, null);
};

const fromFile = (file: string, variant: string | undefined): Profile => {
  const { profiles, problems } = readProfileFile(file);
  const [first] = profiles;
  if (first === undefined) throw new WindowRatingError("WR2001", problems.map(problemLine).join("; "));
  return variant === undefined ? first : pick(variant, profiles);
};
