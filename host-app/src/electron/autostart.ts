import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "../core/config/durable-file.ts";

/**
 * Start at log-in. On Windows the installer does it for every user of the machine (installer.nsh); the Debian package does with
 * /etc/xdg/autostart. An AppImage, which nobody installs, writes the user's own file here (freedesktop.org, Desktop Application
 * Autostart Specification).
 * @returns null where it is not this program's to decide
 */
export const autostartFile = (
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string | null => {
  if (platform !== "linux" || env.APPIMAGE === undefined) return null;
  const base = env.XDG_CONFIG_HOME ?? "";
  return `${base.startsWith("/") ? base : `${home}/.config`}/autostart/window-rating.desktop`;
};

/** @param program its full path */
export const desktopEntry = (program: string): string =>
  [
    "[Desktop Entry]",
    "Type=Application",
    "Name=Window Rating",
    "Name[zh_CN]=窗口评价",
    `Exec=${quoted(program)} --autostarted`,
    "Terminal=false",
    "X-GNOME-Autostart-enabled=true",
    "",
  ].join("\n");

/** As the Desktop Entry Specification wants an argument of Exec: quoted, with ", `, $ and \ escaped twice, and % doubled. */
const quoted = (text: string): string => `"${text.replace(/["`$\\]/g, (character) => `\\\\${character}`).replaceAll("%", "%%")}"`;

/** Whether this app starts at log-in, where that is for its user to decide. */
export class Autostart {
  readonly #file: string | null;
  readonly #program: string;

  constructor(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>, home: string) {
    this.#file = autostartFile(platform, env, home);
    this.#program = env.APPIMAGE ?? "";
  }

  /** null: not this program's to decide */
  get isOn(): boolean | null {
    return this.#file === null ? null : existsSync(this.#file);
  }

  set(wanted: boolean): void {
    if (this.#file === null) return;
    mkdirSync(path.dirname(this.#file), { recursive: true });
    if (wanted) replaceFile(this.#file, desktopEntry(this.#program));
    else rmSync(this.#file, { force: true });
  }
}
