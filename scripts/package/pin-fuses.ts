import path from "node:path";
import { flipFuses, getCurrentFuseWire } from "@electron/fuses";
import { FUSE_CONFIG, wrongFuses } from "@window-rating/host-app/fuses";

/** What electron-builder tells after it has packed an app. */
export interface Packed {
  readonly appOutDir: string;
  readonly electronPlatformName: string;
  readonly executableName: string;
}

/** The packed Electron itself. */
export const packedElectron = ({ appOutDir, electronPlatformName, executableName }: Packed): string =>
  path.join(appOutDir, electronPlatformName === "win32" ? `${executableName}.exe` : executableName);

/**
 * Burns the fuses into a packed Electron and reads them back.
 * @throws Error if one is not as decided, or the file has none: such a package must not be built
 */
export const pinFuses = async (packed: Packed): Promise<void> => {
  const electron = packedElectron(packed);
  await flipFuses(electron, FUSE_CONFIG);
  const wrong = wrongFuses({ ...(await getCurrentFuseWire(electron)) });
  if (wrong.length > 0) throw new Error(`the fuses of ${electron} are not as decided: ${wrong.join("; ")}`);
};
