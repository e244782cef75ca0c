import path from "node:path";
import type { Configuration } from "electron-builder";

const HERE = import.meta.dirname;
const OWN = path.join(HERE, "../scripts/package/electron");

/** Name of the app to people; of its folder in /opt, and of its folder for each user. */
export const PRODUCT = "Window Rating";
/** Name of the packed program, on Windows with .exe. */
export const EXECUTABLE = "window-rating";

interface Build {
  /** The laid-out program: our code as JavaScript, with its packages. */
  readonly app: string;
  /** window-host as a command, laid out with its Node. */
  readonly command: string;
  /** Where the packages go. */
  readonly out: string;
  readonly electronVersion: string;
  readonly afterPack: Exclude<Configuration["afterPack"], string | null | undefined>;
}

/** What electron-builder makes of the window PC with Electron: an installer for Windows, a Debian package and an AppImage. */
export const builderConfig = ({ app, command, out, electronVersion, afterPack }: Build): Configuration => ({
  appId: "org.window-rating.window-pc",
  productName: PRODUCT,
  executableName: EXECUTABLE,
  copyright: "Window Rating, Apache-2.0",
  electronVersion,
  directories: { app, output: out, buildResources: OWN },
  // The folder holds what is shipped and nothing else; its packages were laid out by us and are prebuilt.
  files: ["**/*", "**/node_modules/**"],
  beforeBuild: () => Promise.resolve(false),
  npmRebuild: true,
  nodeGypRebuild: false,
  asar: true,
  // Machine code cannot be loaded out of an archive.
  asarUnpack: ["**/*.node"],
  disableSanityCheckAsar: false,
  extraResources: [{ from: command, to: "window-host" }],
  removePackageScripts: true,
  electronLanguages: ["zh-CN", "en-US"],
  afterPack,
  artifactName: `\${name}-\${version}-\${os}-\${arch}.\${ext}`,
  // Which server is asked stands in shell.json of each PC; this is what the updater's file wants to hold.
  publish: { provider: "generic", url: "https://updates.invalid/window-rating" },
  forceCodeSigning: false,
  // For Linux; on Windows the installer registers them (installer.nsh).
  protocols: { name: "Window Rating link", schemes: ["window-rating"] },
  win: {
    target: [{ target: "nsis", arch: ["x64", "arm64"] }],
    icon: path.join(OWN, "icon.png"),
    requestedExecutionLevel: "asInvoker",
    extraFiles: [{ from: path.join(OWN, "window-host.cmd"), to: "window-host.cmd" }],
    verifyUpdateCodeSignature: true,
  },
  nsis: {
    oneClick: true,
    perMachine: true,
    deleteAppDataOnUninstall: false,
    runAfterFinish: true,
    createDesktopShortcut: false,
    include: path.join(OWN, "installer.nsh"),
    installerLanguages: ["zh_CN", "en_US"],
    multiLanguageInstaller: true,
  },
  linux: {
    target: [
      { target: "deb", arch: ["x64", "arm64"] },
      { target: "AppImage", arch: ["x64", "arm64"] },
    ],
    icon: path.join(OWN, "icon.png"),
    extraFiles: [{ from: path.join(OWN, "window-host.sh"), to: "window-host" }],
    category: "Office",
    synopsis: "Rating pads of a government-service window",
    description: "The window PC of Window Rating: pads, clerk's strip, citizen's page and console.",
    maintainer: "Window Rating <window-rating@hall.invalid>",
    desktop: { entry: { Name: "Window Rating", "Name[zh_CN]": "窗口评价", StartupNotify: "false" } },
  },
  deb: {
    packageCategory: "misc",
    priority: "optional",
    // Beside the file of the package window-host, which may be on the same PC.
    fpm: [
      `${path.join(HERE, "../scripts/udev/70-window-rating.rules")}=/lib/udev/rules.d/70-window-rating-app.rules`,
      `${path.join(OWN, "autostart.desktop")}=/etc/xdg/autostart/window-rating.desktop`,
    ],
  },
});
