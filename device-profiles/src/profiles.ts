import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type ProfileSource, readLibrary, suggestProfile } from "./library.ts";
import type { ProfileProblem } from "./profile-text.ts";
import type { Profile } from "./schema.ts";

/** Folder of the profiles that come with this package. */
export const PROFILE_FOLDER: string = join(import.meta.dirname, "..", "profiles");

/**
 * The files of a folder.
 * @throws WindowRatingError WR2001 if there is no such folder.
 */
export const folderSource = (folder: string): ProfileSource => ({
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

export const problemLine = ({ file, path, message }: ProfileProblem): string => `${file} ${path}: ${message}`;

/**
 * Every profile of a folder, by id.
 * @throws WindowRatingError WR2001 with everything that is wrong, if anything is: half a library would name a pad wrongly.
 */
export const loadProfiles = (folder: string = PROFILE_FOLDER): readonly Profile[] => {
  const { profiles, problems } = readLibrary(folderSource(folder));
  if (problems.length > 0) throw new WindowRatingError("WR2001", problems.map(problemLine).join("; "));
  return profiles;
};

/**
 * The profile of an id, `<maker>/<model>`.
 * @throws WindowRatingError WR2002 naming the nearest id, if there is none; WR2001 as loadProfiles does.
 */
export const findProfile = (id: string, folder: string = PROFILE_FOLDER): Profile => {
  const profiles = loadProfiles(folder);
  const found = profiles.find((profile) => profile.id === id);
  if (found === undefined)
    throw new WindowRatingError(
      "WR2002",
      `"${id}": ${suggestProfile(
        id,
        profiles.map((profile) => profile.id),
      )}`,
    );
  return found;
};
