import { type ChildProcessByStdio, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { contentHash, findProfile } from "@window-rating/device-profiles";
import { SerialPort } from "serialport";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { KeyNo } from "../face.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { TcpPort } from "../ports/tcp-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { WindowPc } from "../test/window-pc.ts";
import { messagesOf } from "./recorded-messages.ts";
import { PRIVACY_NOTE, readRecording } from "./recording.ts";

const MAIN = join(import.meta.dirname, "..", "main.ts");
const PATIENCE = { timeout: 20_000, interval: 5 };

let folder: string;
let file: string;
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pad-traffic-"));
  file = join(folder, "talk.jsonl");
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

/** A command of pad-sim as a process of its own. */
class Command {
  readonly lines: string[] = [];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  /** How it ended: its code, or the signal that ended it. */
  #ended: number | NodeJS.Signals | undefined;
  said = "";

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.lines.push(line));
    this.#child.stderr.on("data", (chunk) => {
      this.said += chunk;
    });
    this.#child.once("exit", (code, signal) => {
      this.#ended = code ?? signal ?? undefined;
    });
    ends.push(() => void this.#child.kill("SIGKILL"));
  }

  async ready(): Promise<{ port: string }> {
    await vi.waitUntil(() => this.lines.length > 0 || this.#ended !== undefined, PATIENCE);
    if (this.lines[0] === undefined) throw new Error(this.said);
    return JSON.parse(this.lines[0]) as { port: string };
  }

  async end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | string> {
    if (signal !== undefined) this.#child.kill(signal);
    await vi.waitUntil(() => this.#ended !== undefined, PATIENCE).catch(() => {});
    return this.#ended ?? `has not ended; it said: ${[...this.lines, this.said].join("\n")}`;
  }
}

const startPad = (port: PtyPort | TcpPort): SimulatedPad => {
  const pad = new SimulatedPad({ port });
  ends.push(() => pad.close());
  return pad;
};

/** A window PC on a kernel tty. */
const callOver = async (path: string): Promise<WindowPc> => {
  const pc = new WindowPc();
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  port.on("data", (chunk: Buffer) => pc.take(chunk));
  port.on("error", () => pc.disconnect());
  await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))));
  ends.push(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
  ends.push(() => pc.disconnect());
  pc.connect((bytes) => void (port.isOpen && port.write(bytes)));
  return pc;
};

const rate = async (pc: WindowPc, pad: SimulatedPad, key: KeyNo): Promise<string> => {
  const requestId = pc.open();
  await vi.waitUntil(() => pad.face.phase === "inviting" && pad.face.requestId === requestId, PATIENCE);
  await pad.press(key);
  await vi.waitUntil(() => pc.ratings.has(requestId) && pad.face.pendingEvents === 0, PATIENCE);
  await vi.waitUntil(() => pc.phases.at(-1) === "chosen", PATIENCE);
  return requestId;
};

/** Records two ratings, 4 and 2, of a pad on a tty. */
const record = async (): Promise<void> => {
  const pad = startPad(new PtyPort(join(folder, "pad")));
  const recorder = new Command("record", "--port", join(folder, "pad"), "--listen", join(folder, "seen"), file, "--json");
  const { port } = await recorder.ready();
  expect(recorder.said).toBe(`${PRIVACY_NOTE}\n`);
  const pc = await callOver(port);
  await pc.untilReady();
  await rate(pc, pad, 4);
  await rate(pc, pad, 2);
  expect(await recorder.end("SIGTERM")).toBe(0);
  const counted = JSON.parse(recorder.lines.at(-1) ?? "") as { bytesOfHost: number; bytesOfPad: number };
  expect(counted.bytesOfHost).toBeGreaterThan(100);
  expect(counted.bytesOfPad).toBeGreaterThan(100);
};

describe("a recording over kernel ttys", () => {
  test("has every byte of both sides in its order, says what it is, and is its owner's alone", async () => {
    await record();
    const { header, chunks, isTorn } = readRecording(file);
    const profile = findProfile("generic/five-button");
    expect(header).toMatchObject({ format: 1, profile: profile.id, profileSha256: contentHash(profile), note: PRIVACY_NOTE });
    expect(isTorn).toBe(false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { pad, messages } = messagesOf(chunks);
    expect(pad?.model).toBe("generic/five-button");
    const said = messages.flatMap(({ from, message }) =>
      message.type === "openRating" || message.type === "rated" || message.type === "stored" ? [`${from} ${message.type}`] : [],
    );
    expect(said.filter((line) => line.endsWith("openRating") || line.endsWith("rated"))).toEqual([
      "host openRating",
      "pad rated",
      "host openRating",
      "pad rated",
    ]);
    // A rating, and what stored it: booted, and the two.
    expect(said.filter((line) => line === "host stored")).toHaveLength(3);
    const levels = messages.flatMap(({ message }) => (message.type === "rated" ? [message.level] : []));
    expect(levels).toEqual([4, 2]);
  });

  test("goes on when the pad's port was lost and is back", async () => {
    const port = await TcpPort.open(0);
    startPad(port);
    const recorder = new Command("record", "--port", port.path, "--listen", join(folder, "seen"), file, "--json");
    const pc = await callOver((await recorder.ready()).port);
    await pc.untilReady();
    port.unplug();
    await vi.waitUntil(() => readFileSync(file, "utf8").includes('"port":"lost"'), PATIENCE);
    await port.plug();
    await vi.waitUntil(() => readFileSync(file, "utf8").includes('"port":"back"'), PATIENCE);
    await pc.untilReady();
    await recorder.end("SIGTERM");
    expect(readRecording(file).chunks.length).toBeGreaterThan(5);
  });

  test("is not written over a file that is there, and needs a pad's port that opens", async () => {
    writeFileSync(file, "mine\n");
    startPad(new PtyPort(join(folder, "pad")));
    const over = new Command("record", "--port", join(folder, "pad"), "--listen", join(folder, "seen"), file);
    expect([await over.end(), over.said]).toEqual([1, expect.stringContaining("WR9020")]);
    expect(readFileSync(file, "utf8")).toBe("mine\n");
    const without = new Command("record", "--port", join(folder, "nothing"), "--listen", join(folder, "seen"), join(folder, "new.jsonl"));
    expect([await without.end(), without.said]).toEqual([1, expect.stringContaining("WR9021")]);
    expect(["seen", "new.jsonl"].filter((name) => existsSync(join(folder, name)))).toEqual([]);
  });
});

describe.each(["fast", "recorded"])("a recording that is played back over kernel ttys, pace %s,", (pace) => {
  test("gives a live window PC the same levels for its own requests of today", async () => {
    await record();
    const replay = new Command("replay", file, "--listen", join(folder, "again"), "--pace", pace, "--json");
    const pc = await callOver((await replay.ready()).port);
    await pc.untilReady();
    const first = pc.open();
    await vi.waitUntil(() => pc.ratings.has(first), PATIENCE);
    const second = pc.open();
    await vi.waitUntil(() => pc.ratings.has(second), PATIENCE);
    expect([...pc.ratings.values()]).toEqual([4, 2]);
    expect([...pc.ratings.keys()]).toEqual([first, second]);
    expect(await replay.end()).toBe(0);
    expect(JSON.parse(replay.lines.at(-1) ?? "")).toMatchObject({ impatient: 0 });
  });

  test("lights a live pad as the window PC did, and stores what citizens press today", async () => {
    await record();
    const port = new PtyPort(join(folder, "other"));
    const pad = startPad(port);
    const replay = new Command("replay", file, "--port", join(folder, "other"), "--pace", pace, "--json");
    await replay.ready();
    const asked = new Set<string>();
    for (const key of [5, 1] as const) {
      await vi.waitUntil(() => pad.face.phase === "inviting" && !asked.has(pad.face.requestId ?? ""), PATIENCE);
      asked.add(pad.face.requestId ?? "");
      await pad.press(key);
      await vi.waitUntil(() => pad.face.pendingEvents === 0, PATIENCE);
    }
    expect(await replay.end()).toBe(0);
    expect(pad.facts()).toMatchObject([{ level: 5 }, { level: 1 }]);
  });
});

test("bytes of another maker's pad are played as they were", async () => {
  const lines = [
    { at: 10, from: "host", bytes: "05" },
    { at: 30, from: "pad", bytes: "3434" },
    { at: 60, from: "host", bytes: "05" },
    { at: 90, from: "pad", bytes: "32" },
  ];
  const header = { is: "recording", format: 1, program: "0", profile: "some/keypad", profileSha256: "0", port: "COM3" };
  const first = { ...header, startedAt: "2026-03-02T01:00:00.000Z", note: "" };
  writeFileSync(file, [first, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(""));
  const replay = new Command("replay", file, "--listen", join(folder, "keypad"), "--pace", "fast", "--json");
  const { port: path } = await replay.ready();
  const port = new SerialPort({ path, baudRate: 9600, autoOpen: false });
  const heard: number[] = [];
  port.on("data", (chunk: Buffer) => heard.push(...chunk));
  port.on("error", () => {});
  await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))));
  ends.push(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
  port.write(Uint8Array.of(5));
  await vi.waitUntil(() => heard.length === 2, PATIENCE);
  port.write(Uint8Array.of(5));
  await vi.waitUntil(() => heard.length === 3, PATIENCE);
  expect(heard).toEqual([0x34, 0x34, 0x32]);
  expect(await replay.end()).toBe(0);
});

describe("a file of a recording", () => {
  const good = (): void => {
    const header = { is: "recording", format: 1, program: "0", profile: "a/b", profileSha256: "0", port: "COM3" };
    writeFileSync(file, `${JSON.stringify({ ...header, startedAt: "2026-03-02T01:00:00.000Z", note: "" })}\n`);
  };

  test("that was cut off while it was written is read up to there", () => {
    good();
    appendFileSync(file, '{"at":1,"from":"pad","bytes":"00ff"}\n{"at":2,"fr');
    expect(readRecording(file)).toMatchObject({ isTorn: true, chunks: [{ at: 1, from: "pad", bytes: Uint8Array.of(0, 255) }] });
  });

  test.each([
    ['{"at":1,"from":"cat","bytes":"00"}', /WR9020.*line 2/],
    ['{"at":1,"from":"pad","bytes":"0"}', /line 2: is hexadecimal/],
    ['{"at":5,"from":"pad","bytes":"00"}\n{"at":4,"from":"pad","bytes":"00"}', /line 3: is earlier/],
    ["nonsense", /line 2/],
  ])("with the wrong line %s is refused", (line, message) => {
    good();
    appendFileSync(file, `${line}\n`);
    expect(() => readRecording(file)).toThrow(message);
  });

  test("that is none is refused", () => {
    writeFileSync(file, "hello\n");
    expect(() => readRecording(file)).toThrow(/WR9020.*line 1/);
    expect(() => readRecording(join(folder, "nowhere"))).toThrow(/WR9020/);
  });
});
