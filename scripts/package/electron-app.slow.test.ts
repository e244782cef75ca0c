import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { extractAll, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { Arch, build, type Configuration, Platform } from "electron-builder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configFor, layCommand, layElectronApp } from "./electron-app.ts";
import { findElectron } from "./electron-trial.ts";
import { packedElectron, pinFuses } from "./pin-fuses.ts";

const root = path.resolve(import.meta.dirname, "../..");
const config = configFor("/app", "/command", "/out");

/** electron-builder's own check of a configuration, which its package does not export. */
const validate = async (checked: Configuration): Promise<void> => {
  const builder = createRequire(createRequire(import.meta.url).resolve("electron-builder"));
  const { validateConfiguration } = builder("app-builder-lib/out/util/config/config") as {
    validateConfiguration(configuration: Configuration, log: { isEnabled: boolean }): Promise<void>;
  };
  await validateConfiguration(checked, { isEnabled: false });
};

let work: string;
beforeAll(() => {
  work = mkdtempSync(path.join(tmpdir(), "electron-app-"));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("the configuration of electron-builder", () => {
  test("is valid by electron-builder's own schema, which does notice a wrong one", async () => {
    await validate(config);
    await expect(validate({ ...config, nsis: { perMachine: "yes" as never } })).rejects.toThrow(/perMachine/);
  });

  test("makes per-machine installers that ask nothing, and Debian packages and AppImages, each for both processors", () => {
    expect(config.nsis).toMatchObject({ oneClick: true, perMachine: true, deleteAppDataOnUninstall: false });
    expect(config.win?.target).toEqual([{ target: "nsis", arch: ["x64", "arm64"] }]);
    expect(config.linux?.target).toEqual(["deb", "AppImage"].map((target) => ({ target, arch: ["x64", "arm64"] })));
  });

  test("has an installer script that starts the app at log-in, lets users write the ratings, and leaves firewall and ratings alone", () => {
    const script = readFileSync(String(config.nsis?.include), "utf8");
    const code = script.replace(/^\s*;.*$/gm, "");
    expect(code).toContain("CurrentVersion\\Run");
    // All users of the PC (S-1-5-32-545) may change what is in the folder and below: object and container inherit, M.
    expect(code).toContain('CreateDirectory "$R9\\Window Rating\\window"');
    expect(code).toMatch(/icacls "\$R9\\Window Rating" \/grant \*S-1-5-32-545:\(OI\)\(CI\)M /);
    expect(code).not.toMatch(/firewall|netsh|RMDir|Delete "/i);
  });

  test("names files that are there", () => {
    for (const file of [config.win?.icon, config.linux?.icon, config.nsis?.include])
      expect(existsSync(String(file)), String(file)).toBe(true);
    for (const mapping of config.deb?.fpm ?? []) expect(existsSync(mapping.split("=")[0] ?? ""), mapping).toBe(true);
  });
});

// There is no Electron in the packages of npm: an empty program stands in for it. What is packed around it is real.
describe("the packed app", () => {
  let resources: string;
  beforeAll(async () => {
    await layElectronApp(root, path.join(work, "app"), { os: "linux", cpu: "x64" }, "0.1.0");
    await layCommand(root, path.join(work, "command"), { os: "linux", cpu: process.arch === "arm64" ? "arm64" : "x64" }, "0.1.0");
    const standIn = path.join(work, "stand-in");
    mkdirSync(path.join(standIn, "locales"), { recursive: true });
    mkdirSync(path.join(standIn, "resources"));
    for (const file of ["electron", "version", "locales/zh-CN.pak"]) writeFileSync(path.join(standIn, file), "no Electron\n");
    chmodSync(path.join(standIn, "electron"), 0o755);
    const packing = build({
      projectDir: root,
      targets: Platform.LINUX.createTarget("dir", Arch.x64),
      config: { ...configFor(path.join(work, "app"), path.join(work, "command"), path.join(work, "out")), electronDist: standIn },
      publish: "never",
    });
    // The stand-in has no fuses; a package of it must not be built.
    await expect(packing).rejects.toThrow(/fuse|sentinel/i);
    resources = path.join(work, "out/linux-unpacked/resources");
  });

  test("holds every file that was laid out and no other, with machine code beside the archive, where it can be loaded", () => {
    const packed = listPackage(path.join(resources, "app.asar"), { isPack: false }).sort();
    const laid = readdirSync(path.join(work, "app"), { recursive: true, encoding: "utf8" }).map((file) => `/${file}`);
    expect(packed).toEqual(laid.sort());
    const beside = readdirSync(`${path.join(resources, "app.asar")}.unpacked`, { recursive: true, encoding: "utf8" });
    expect(beside.filter((file) => file.endsWith(".node"))).toHaveLength(2);
    expect(packed.filter((file) => file.endsWith(".ts"))).toEqual([]);
  });

  test("is whole: taken out of the archive, its core runs, and the modules that Electron starts are there", () => {
    const out = path.join(work, "extracted");
    extractAll(path.join(resources, "app.asar"), out);
    const { main, productName } = JSON.parse(readFileSync(path.join(out, "package.json"), "utf8")) as { main: string; productName: string };
    // Electron names the user's folder by it, and the guide names that folder.
    const guide = readFileSync(path.join(root, "docs/packages.md"), "utf8");
    for (const folder of [`%APPDATA%\\${productName}`, `~/.config/${productName}`]) expect(guide).toContain(folder);
    const electron = path.dirname(path.join(out, main));
    for (const file of ["main.js", "core-process.js", "preload.cjs"]) expect(existsSync(path.join(electron, file)), file).toBe(true);
    const core = path.join(electron, "../core/main.js");
    const said = execFileSync(process.execPath, [core, "doctor", "--data", path.join(work, "data"), "--json"], { encoding: "utf8" });
    expect(JSON.parse(said)).toHaveProperty("findings");
  });

  test("has a main program without a top-level await, for which Electron would wait as it waits for Electron", () => {
    // Node's `require` takes an ES module only if nothing in it, or in what it imports, awaits at its top level.
    const main = path.join(work, "app/app/host-app/src/electron/main.js");
    const others = "BrowserWindow,globalShortcut,ipcMain,MessageChannelMain,nativeImage,net,screen,session,Tray,utilityProcess";
    const stub = `const app = { enableSandbox() {}, requestSingleInstanceLock: () => false, exit: (code) => console.log("exit", code) };
      const protocol = { registerSchemesAsPrivileged() {} }, Menu = { setApplicationMenu() {} };
      export { app, protocol, Menu }; export const ${others.replaceAll(",", " = {}, ")} = {};`;
    const code = `require("node:module").registerHooks({ resolve: (name, context, next) => name === "electron"
      ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(stub)}`)}, shortCircuit: true } : next(name, context) });
      require(process.argv[1]);`;
    const run = (file: string): string => execFileSync(process.execPath, ["-e", code, file], { encoding: "utf8", stdio: "pipe" });
    expect(run(main)).toBe("exit 0\n");
    const waiting = path.join(path.dirname(main), "waiting.mjs");
    writeFileSync(waiting, 'import "./main.js";\nawait Promise.resolve();\n');
    expect(() => run(waiting)).toThrow(/ERR_REQUIRE_ASYNC_MODULE/);
    rmSync(waiting);
  });

  test("brings window-host as a command with a Node of its own, which sets a window up in the data folder that the app means", () => {
    const { PATH } = process.env;
    const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
      execFileSync(path.join(resources, "../window-host"), args, { env: { PATH, HOME: work, ...env }, encoding: "utf8" });
    run(["config", "--set", "windowNo=12"]);
    run(["config", "--set", "windowNo=13"], { XDG_DATA_HOME: path.join(work, "xdg") });
    const written = [".local/share", "xdg"].map((base) => path.join(work, base, "window-rating/window/config.json"));
    expect(written.map((file) => JSON.parse(readFileSync(file, "utf8")).windowNo)).toEqual(["12", "13"]);
    const laid = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    expect(laid(path.join(resources, "window-host"))).toEqual(laid(path.join(work, "command")));
  });

  test("has for Windows a command beside the program, whose every path is one that the package has", () => {
    const [mapping] = (config.win?.extraFiles ?? []) as { from: string; to: string }[];
    expect(mapping?.to).toBe("window-host.cmd");
    const paths = [...readFileSync(String(mapping?.from), "utf8").matchAll(/%~dp0([^"]+)"/g)].map(([, place = ""]) =>
      place.replaceAll("\\", "/"),
    );
    expect(paths).toEqual(["resources/window-host/runtime/node.exe", "resources/window-host/app/host-app/src/core/main.js"]);
    expect(existsSync(path.join(resources, "..", paths[1] ?? ""))).toBe(true);
  });

  test("can update itself by a signed release: the updater's file is in it", () => {
    expect(readFileSync(path.join(resources, "app-update.yml"), "utf8")).toContain("provider: generic");
  });
});

describe("the fuses", () => {
  // The layout that @electron/fuses documents, not an Electron: sentinel, version, number of fuses, their states.
  const wire = (count: number) =>
    Buffer.concat([Buffer.from("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX"), Buffer.from([1, count]), Buffer.from("0".repeat(count))]);
  const packed = () => ({ appOutDir: work, electronPlatformName: "win32", executableName: "window-rating" });
  const count = Object.keys(FuseV1Options).filter((key) => /^\d+$/.test(key)).length;

  test("are burnt into a file that has a wire, each as decided, and read back", async () => {
    writeFileSync(packedElectron(packed()), Buffer.concat([Buffer.alloc(5000), wire(count), Buffer.alloc(5000)]));
    await pinFuses(packed());
    const read = await getCurrentFuseWire(packedElectron(packed()));
    expect(read[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
    expect(read[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE);
  });

  test("fail the build of an Electron that has one more than we know, or one less, or none at all", async () => {
    for (const bytes of [wire(count + 1), wire(count - 1), Buffer.alloc(5000)]) {
      writeFileSync(packedElectron(packed()), Buffer.concat([Buffer.alloc(100), bytes, Buffer.alloc(100)]));
      await expect(pinFuses(packed())).rejects.toThrow();
    }
  });
});

describe("npm run test:electron", () => {
  const run = (...args: string[]) => {
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: work };
    try {
      return {
        code: 0,
        out: execFileSync(process.execPath, [path.join(import.meta.dirname, "electron-trial.ts"), ...args], { env, encoding: "utf8" }),
      };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, out: stdout };
    }
  };

  test("says in one line that it did not run and why, where there is no Electron; with --require that is a failure", () => {
    expect(run()).toEqual({ code: 0, out: `test:electron did not run: there is no Electron at ${work}.\n` });
    expect(run("--require").code).toBe(3);
    expect(run("--nonsense").code).toBe(2);
  });

  test("takes the Electron that is named, on Linux only where there is a display", () => {
    writeFileSync(path.join(work, "electron"), "");
    const env = { ELECTRON_OVERRIDE_DIST_PATH: work };
    expect(findElectron({ ...env, DISPLAY: ":1" }, "linux")).toEqual({ path: path.join(work, "electron") });
    expect(findElectron(env, "linux")).toEqual({ why: "there is no display" });
  });
});
