import { statSync } from "node:fs";

/** Which device a name leads to now: another one after a replug, even under the same name. Undefined where names are no files, and when it is gone. */
export const deviceAt = (path: string): string | undefined => {
  try {
    const { dev, ino, rdev } = statSync(path);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return undefined;
  }
};
