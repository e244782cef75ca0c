import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CoreTree } from "./core-tree.ts";
import { stampTimes } from "./reproducible.ts";
import { debianDepends } from "./system-needs.ts";

const ARCHITECTURES = { x64: "amd64", arm64: "arm64" } as const;
const SCRIPTS = ["postinst", "prerm", "postrm"];

/** `window-host_0.1.0_amd64.deb` */
export const debName = ({ version, machine }: Pick<CoreTree, "version" | "machine">): string =>
  `window-host_${version}_${ARCHITECTURES[machine.cpu]}.deb`;

/** The control file of the package. @param kilobytes of what it installs */
export const controlFile = ({ version, machine, needs }: Pick<CoreTree, "version" | "machine" | "needs">, kilobytes: number): string =>
  `${[
    "Package: window-host",
    `Version: ${version}`,
    `Architecture: ${ARCHITECTURES[machine.cpu]}`,
    "Maintainer: Window Rating <window-rating@hall.invalid>",
    `Installed-Size: ${kilobytes}`,
    `Depends: ${debianDepends(needs)}`,
    "Section: misc",
    "Priority: optional",
    "Description: rating pads (好差评 评价器) of a window PC",
    " Owns the pads of a government-service window, binds each press to its case and",
    " clerk, stores it, and sends it to the central system. A service with screens for",
    " the PC's own browser; needs no Electron.",
  ].join("\n")}\n`;

/**
 * Builds the Debian package of a laid-out core.
 * @param stage folder to build in; made here
 * @throws Error if the machine has no dpkg-deb
 */
export const buildDeb = (root: string, tree: CoreTree, stage: string, file: string, seconds: number): void => {
  const own = path.join(import.meta.dirname, "debian");
  const put = (from: string, to: string, mode: number): void => {
    const place = path.join(stage, to);
    mkdirSync(path.dirname(place), { recursive: true });
    cpSync(from, place);
    chmodSync(place, mode);
  };
  cpSync(tree.folder, path.join(stage, "opt/window-host"), { recursive: true, filter: (from) => path.basename(from) !== "system" });
  put(path.join(own, "window-host.sh"), "usr/bin/window-host", 0o755);
  put(path.join(own, "window-host.service"), "usr/lib/systemd/system/window-host.service", 0o644);
  // Under /lib: the udev of Debian 10 and its kin does not look under /usr/lib.
  put(path.join(root, "scripts/udev/70-window-rating.rules"), "lib/udev/rules.d/70-window-rating.rules", 0o644);
  // Which program opens window-rating:// links desktops learn by themselves: their packages watch this folder.
  put(path.join(own, "window-rating-link.desktop"), "usr/share/applications/window-rating-link.desktop", 0o644);
  put(path.join(own, "default"), "etc/default/window-host", 0o644);
  put(path.join(own, "copyright"), "usr/share/doc/window-host/copyright", 0o644);
  put(path.join(root, "docs/packages.md"), "usr/share/doc/window-host/packages.md", 0o644);
  for (const script of SCRIPTS) put(path.join(own, script), `DEBIAN/${script}`, 0o755);
  const kilobytes = sizeOf(stage);
  const write = (name: string, content: string): void => {
    writeFileSync(path.join(stage, "DEBIAN", name), content);
    chmodSync(path.join(stage, "DEBIAN", name), 0o644);
  };
  write("conffiles", "/etc/default/window-host\n");
  write("control", controlFile(tree, kilobytes));
  stampTimes(stage, seconds);
  try {
    // gzip, which every dpkg reads; zstd is unknown to Debian's before 12.
    execFileSync("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z6", "--build", stage, file], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(seconds), LC_ALL: "C" },
      stdio: ["ignore", "ignore", "pipe"],
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error("a .deb needs dpkg-deb: build on Debian or a kin of it, or take --only tarball", { cause: error });
  }
};

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + Math.ceil(statSync(path.join(entry.parentPath, entry.name)).size / 1024), 0);
