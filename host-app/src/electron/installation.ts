import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, copyFile, open, rename, rm } from "node:fs/promises";
import path from "node:path";

export interface Installation {
  /** The AppImage that runs; undefined: an installer puts the program in. */
  readonly appImage: string | undefined;
  /** Folder of the packed program's resources, which has elevate.exe on Windows. */
  readonly resources: string;
  /** Ends this program in good order, and does something at the very end, when nothing is held any more. */
  readonly end: (last?: () => Promise<unknown>) => void;
}

/**
 * Puts a release, newer or older, in the place of this program, ends this program and starts the other.
 * @param file an installer, or an AppImage
 * @throws Error if it could not be put in or was not consented to: then nothing has changed, and this program goes on
 */
export const putIn = async (file: string, { appImage, resources, end }: Installation): Promise<void> => {
  if (appImage === undefined) {
    await startInstaller(file, resources);
    end();
  } else {
    await replaceProgram(file, appImage);
    end(() => started(appImage, []));
  }
};

/** A program that runs cannot be written into (ETXTBSY), and half of one must not be left: it is copied beside it, and takes its name. */
const replaceProgram = async (file: string, program: string): Promise<void> => {
  const beside = `${program}.new`;
  try {
    await copyFile(file, beside);
    await chmod(beside, 0o755);
    await using copy = await open(beside, "r+");
    await copy.sync();
    await rename(beside, program);
  } catch (cause) {
    await rm(beside, { force: true });
    throw cause;
  }
};

/** Silent; ends what is left of this program, and starts the other one when it has done. */
const INSTALLER_FLAGS = ["--updated", "/S", "--force-run"];

/**
 * The installer is for all users, so Windows starts it for nobody who has no administrator's rights at that moment, an administrator
 * included (EACCES; UNKNOWN with older Node): elevate.exe, which electron-builder puts beside the program, asks for consent.
 */
const startInstaller = async (installer: string, resources: string): Promise<void> => {
  try {
    await started(installer, INSTALLER_FLAGS);
  } catch (error) {
    if (!["EACCES", "UNKNOWN"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    const asking = await started(path.join(resources, "elevate.exe"), [installer, ...INSTALLER_FLAGS]);
    const [code] = await once(asking, "exit");
    if (code !== 0) throw new Error("an administrator did not consent");
  }
};

/** A program that goes on when this one has ended. @throws Error if it did not start */
const started = async (program: string, flags: readonly string[]): Promise<ChildProcess> => {
  const child = spawn(program, flags, { detached: true, stdio: "ignore" });
  child.unref();
  await once(child, "spawn");
  return child;
};
