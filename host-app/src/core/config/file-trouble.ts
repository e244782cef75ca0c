const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a file stands where a folder is needed",
  EISDIR: "it is a folder",
  EACCES: "this user may not; run the command as the user that window-host runs as",
  EPERM: "this user may not; run the command as the user that window-host runs as",
  EROFS: "the disk is mounted read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "this user's share of the disk is full",
  EEXIST: "it exists already",
};

/** Why a file could not be read or written, in words for who typed its name; with the system's own code, by which others find help. */
export const fileTrouble = (cause: unknown): string => {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : message;
};
