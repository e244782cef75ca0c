import { type ChildProcessByStdio, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { signerOf } from "@window-rating/protocol/pad";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { auditStore } from "../audit.ts";
import { between, seededRandom } from "../faults/seeded-random.ts";
import { FirmataUno } from "../panels/board/test/firmata-uno.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { WindowPc } from "../test/window-pc.ts";
import { HELP, readCommand } from "./arguments.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");

let folder: string;
const children: ChildProcessByStdio<null, Readable, Readable>[] = [];
const sockets: Socket[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-cli-"));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
  rmSync(folder, { recursive: true });
});

const spawnPad = (args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
};

/** Runs to the end. */
const run = async (...args: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const child = spawnPad(args);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
};

/** Starts a pad and gives its first line. */
const start = async (...args: readonly string[]) => {
  const child = spawnPad(args);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    line,
    child,
    async end(signal: NodeJS.Signals): Promise<number | null> {
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
};

const callOver = async (pc: WindowPc, url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.on("data", (chunk) => pc.take(chunk));
  pc.connect((bytes) => void socket.write(bytes));
  await pc.untilReady();
  return socket;
};

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};
const pressEveryInvitation = [
  { do: "repeat", times: "forever", steps: [{ do: "waitForInvite" }, { at: 5, do: "press", key: 4, downMs: 60 }] },
];

describe("pad-sim", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "publishes a tty, says so in JSON, and takes the link away when it ends by %s",
    async (signal) => {
      const link = join(folder, "pad");
      const pad = await start("--pty", link, "--json");
      expect(JSON.parse(pad.line)).toEqual({ port: link, panel: null });
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(await pad.end(signal)).toBe(0);
      expect(existsSync(link)).toBe(false);
    },
  );

  test("starts again over what a kill -9 left behind", async () => {
    const link = join(folder, "pad");
    await (await start("--pty", link, "--json")).end("SIGKILL");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const again = await start("--pty", link);
    expect(again.line).toBe(`pad SIM-0001 on ${link}`);
    expect(await again.end("SIGTERM")).toBe(0);
  });

  test("plays a script against a window PC, and the audit tells what was pressed", async () => {
    const store = join(folder, "pad.store");
    const pad = await start("--tcp", "0", "--store", store, "--script", file("script.json", pressEveryInvitation), "--json");
    const pc = new WindowPc();
    await callOver(pc, JSON.parse(pad.line).port as string);
    const requestIds: string[] = [];
    for (let citizen = 1; citizen <= 2; citizen++) {
      requestIds.push(pc.open());
      await vi.waitUntil(() => pc.ratings.size === citizen && pc.phases.at(-1) === "chosen", { timeout: 20_000 });
    }
    expect(await pad.end("SIGTERM")).toBe(0);
    pc.disconnect();
    const audit = await run("audit", "--store", store, "--json");
    expect(audit.code).toBe(0);
    expect(JSON.parse(audit.out)).toEqual({
      pressed: 2,
      timedOut: 0,
      pending: 0,
      ratings: requestIds.map((requestId, index) => ({ eventNo: index + 2, requestId, level: 4 })),
    });
    expect((await run("audit", "--store", store)).out).toMatch(/2 pressed, 0 timed out, 0 not yet stored by the host\n$/);
  });

  test("says hello with the firmware that it was given, and takes whose updates it was told to", async () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const key = join(folder, "maker.pub");
    writeFileSync(key, publicKey.export({ type: "spki", format: "pem" }));
    const flags = ["--profile", "generic/touchscreen", "--firmware", "2.1.0/7", "--maker-key", key];
    const pad = await start("--tcp", "0", ...flags, "--json");
    const pc = new WindowPc();
    await callOver(pc, JSON.parse(pad.line).port as string);
    const jwk = publicKey.export({ format: "jwk" });
    const signer = signerOf(new Uint8Array(Buffer.from(jwk.x ?? "", "base64url")));
    const image = {
      model: "generic/touchscreen",
      version: "2.2.0",
      size: 100,
      hash: new Uint8Array(32),
      signer,
      signature: new Uint8Array(64),
    };
    // The release is looked at before the signer, and the signer before the signature.
    pc.send({ type: "offerFirmware", transfer: 1, ...image, release: 7 });
    pc.send({ type: "offerFirmware", transfer: 2, ...image, release: 8 });
    pc.send({ type: "offerFirmware", transfer: 3, ...image, release: 8, signer: new Uint8Array(8) });
    const outcomes = () => pc.reports.flatMap((report) => (report.type === "transferEnded" ? [report.outcome] : []));
    await vi.waitUntil(() => outcomes().length === 3, { timeout: 20_000 });
    expect(outcomes()).toEqual(["downgrade", "wrongSignature", "unknownSigner"]);
    pc.disconnect();
    expect(await pad.end("SIGTERM")).toBe(0);
  });

  test.each([
    [["--firmware", "1.0.0"], "--firmware must be a version and the number of its release"],
    [["--maker-key", "nothing.pub"], "--maker-key nothing.pub: no Ed25519 public key in PEM"],
  ])("refuses %j", async (flags, said) => {
    const { code, err } = await run("--tcp", "0", ...flags);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  test("suffers the faults of its file, and loses nothing by them (I2)", async () => {
    const faults = file("faults.json", { seed: 3, powerCut: { everyMs: 300, forMs: [5, 50] }, toHost: { flip: 0.001 } });
    const store = join(folder, "pad.store");
    const script = file("script.json", pressEveryInvitation);
    const pad = await start("--tcp", "0", "--store", store, "--script", script, "--faults", faults, "--json");
    const pc = new WindowPc();
    await callOver(pc, JSON.parse(pad.line).port as string);
    const booted = (): number => pc.reports.filter((report) => report.type === "booted").length;
    while (pc.ratings.size < 3 || booted() < 3) {
      await pc.untilReady();
      pc.open();
      const { length } = pc.reports;
      await vi.waitUntil(() => pc.reports.length > length || !pc.isReady, { timeout: 20_000 });
    }
    await pad.end("SIGKILL");
    pc.disconnect();
    const { rated, pending } = auditStore(store);
    const missing = rated.filter(({ requestId, level }) => pc.ratings.get(requestId) !== level);
    expect(missing.length).toBeLessThanOrEqual(pending);
    expect(new Set(rated.map(({ requestId }) => requestId)).size).toBe(rated.length);
  });

  test("killed with -9 at any moment of its traffic keeps every rating that it reported, once (I2, I4)", async () => {
    const store = join(folder, "pad.store");
    const script = file("script.json", pressEveryInvitation);
    const pc = new WindowPc();
    const random = seededRandom(8);
    for (let round = 0; round < 6; round++) {
      const pad = await start("--tcp", "0", "--store", store, "--script", script, "--json");
      const socket = await callOver(pc, JSON.parse(pad.line).port as string);
      pc.open();
      // The key counts about 35 ms after the invitation: killed before, while, and after it is kept and reported; the last one surely after.
      if (round < 5) await new Promise((resolve) => setTimeout(resolve, between(random, 25, 60)));
      else await vi.waitUntil(() => pc.phases.at(-1) === "chosen", { timeout: 20_000, interval: 1 });
      await pad.end("SIGKILL");
      socket.destroy();
      pc.disconnect();
    }
    const last = await start("--tcp", "0", "--store", store, "--json");
    await callOver(pc, JSON.parse(last.line).port as string);
    await vi.waitUntil(() => auditStore(store).pending === 0, { timeout: 20_000 });
    await last.end("SIGTERM");
    pc.disconnect();
    const { rated } = auditStore(store);
    expect(new Map(rated.map(({ requestId, level }) => [requestId, level]))).toEqual(new Map(pc.ratings));
    expect(new Set(rated.map(({ eventNo }) => eventNo)).size).toBe(rated.length);
    expect(rated.length).toBeGreaterThan(0);
  });

  test("refuses a store that it cannot read, leaves it untouched and ends", async () => {
    const store = file("pad.store", "no store at all\n");
    const before = readFileSync(store, "utf8");
    const { code, err } = await run("--pty", join(folder, "pad"), "--store", store);
    expect([code, err]).toEqual([1, expect.stringContaining("WR9002")]);
    expect(readFileSync(store, "utf8")).toBe(before);
    expect(existsSync(join(folder, "pad"))).toBe(false);
  });

  test("is a touchscreen with the files of a folder, or says which file is wrong", async () => {
    const assets = join(folder, "assets");
    mkdirSync(assets);
    file("assets/logo.png", "p");
    const pad = await start("--tcp", "0", "--profile", "generic/touchscreen", "--panel", "web", "--assets", assets, "--json");
    const { panel } = JSON.parse(pad.line) as { panel: string };
    expect(await (await fetch(panel)).text()).toContain('data-scene="opening"');
    expect((await fetch(`${panel}assets/logo`)).status).toBe(200);
    expect(await pad.end("SIGTERM")).toBe(0);
    file("assets/logo.gif", "g");
    const refused = await run("--tcp", "0", "--profile", "generic/touchscreen", "--assets", assets, "--json");
    expect([refused.code, JSON.parse(refused.err).error.code]).toEqual([1, "WR9014"]);
  });

  test("says when its board comes and goes, and goes on without it", async () => {
    const path = join(folder, "board");
    const pad = await start("--pty", join(folder, "pad"), "--panel", "board", "--board-port", path, "--json");
    const said = createInterface({ input: pad.child.stderr })[Symbol.asyncIterator]();
    expect(JSON.parse(pad.line)).toEqual({ port: join(folder, "pad"), panel: null });
    expect((await said.next()).value).toContain("Board not connected, trying again: WR9010");
    const line = new PtyPort(path);
    const uno = new FirmataUno((bytes) => line.write(bytes));
    line.listen({ bytes: (chunk) => uno.take(chunk) });
    expect((await said.next()).value).toContain("Board connected: StandardFirmata.ino 2.5");
    await line.close();
    expect((await said.next()).value).toContain("Board not connected");
    expect(await pad.end("SIGTERM")).toBe(0);
  });

  test("prints its help, and errors as JSON where JSON was asked for", async () => {
    expect(await run("--help")).toEqual({ code: 0, out: HELP, err: "" });
    const { code, err } = await run("--pty", "--profile", "nobody/nothing", "--json");
    expect([code, JSON.parse(err).error.code]).toEqual([1, "WR2002"]);
  });
});

describe("a command line", () => {
  const runs = { is: "run", profileId: "generic/five-button", serialNumber: "SIM-0001", panel: { is: "none" }, json: false } as const;

  test("without a port means a tty under the default link, which holds the serial number", () => {
    for (const args of [[], ["--pty"], ["--pty", "--panel", "none"]]) {
      expect(readCommand(args)).toMatchObject({ ...runs, port: { is: "pty", link: join(tmpdir(), "pad-SIM-0001") } });
    }
    expect(readCommand(["--serial", "../x y"])).toMatchObject({ port: { link: join(tmpdir(), "pad-.._x_y") } });
  });

  test.each([
    [["--tcp", "70000"], /--tcp must be a port/],
    [["--tcp", "1e3"], /--tcp must be a port/],
    [["--pty", "--tcp", "1"], /exclude each other/],
    [["--json", "--panel", "terminal"], /exclude each other/],
    [["--panel", "paper"], /--panel must be terminal, web, board or none/],
    [["--panel", "board"], /--panel board needs --board-port/],
    [["--board-port", "/dev/ttyACM0"], /go with --panel board/],
    [["--panel", "web", "--board-wiring", "w.json"], /go with --panel board/],
    [["--serial", "x".repeat(33)], /--serial has more than 32 bytes/],
    [["--script", ""], /--script names no file/],
    [["--frob"], /--frob/],
    [["audit"], /--store/],
    [["dance"], /unknown command dance/],
  ])("that makes no sense (%j) is refused by the name of its flag", (args, message) => {
    expect(() => readCommand(args)).toThrow(expect.objectContaining({ code: "WR8002", message: expect.stringMatching(message) }));
  });
});
