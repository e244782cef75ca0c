import { type Installation, putIn } from "./installation.ts";
import type { ReleaseFeed } from "./updater.ts";

const WITHIN_MS = 60_000;

/**
 * Whether this app may put in a new version of itself: on Windows by its installer, and as an AppImage, which is one file. A Debian
 * package is the business of the system's own package manager.
 */
export const mayUpdateItself = (platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): boolean =>
  platform === "win32" || (platform === "linux" && env.APPIMAGE !== undefined);

/**
 * Releases from a folder on a server of the hall. electron-updater finds and fetches them; it puts none in, for it renames an AppImage that
 * has its version in its name, and cannot put an older one back.
 * @param url of the folder
 */
export const releaseFeed = async (url: string, end: Installation["end"]): Promise<ReleaseFeed> => {
  const { autoUpdater } = (await import("electron-updater")).default;
  const base = url.endsWith("/") ? url : `${url}/`;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.logger = null;
  autoUpdater.setFeedURL({ provider: "generic", url: base });
  const load = async (name: string): Promise<Buffer> => {
    const response = await fetch(new URL(name, base), { signal: AbortSignal.timeout(WITHIN_MS), redirect: "error" });
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  };
  return {
    check: async () => {
      const result = await autoUpdater.checkForUpdates();
      if (result === null || !result.isUpdateAvailable) return null;
      const { version, files } = result.updateInfo;
      return { version, sha512: files.map(({ sha512 }) => sha512) };
    },
    manifest: async () => ({ bytes: await load("release.json"), signature: (await load("release.json.sig")).toString("latin1") }),
    fetch: async () => {
      const [installer] = await autoUpdater.downloadUpdate();
      if (installer === undefined) throw new Error("nothing was fetched");
      return installer;
    },
    install: (file) => putIn(file, { appImage: process.env.APPIMAGE, resources: process.resourcesPath, end }),
  };
};
