import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { SimulatedKeypad, TcpPort } from "@window-rating/firmware-sim";
import type { WindowRatingError } from "@window-rating/protocol/error";
import { afterEach, describe, expect, test, vi } from "vitest";
import { presserOf, runWindowHost } from "../../../../test/learning-child.ts";
import { profileCommand } from "../profile-command.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-profile-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const keypad = (id: string) => {
  const profile = findProfile(id);
  if (profile.protocol !== "keypad") throw new Error(`${id} is no keypad`);
  return profile;
};

const openPad = async (id: string) => {
  const port = await TcpPort.open(0);
  const pad = new SimulatedKeypad({ port, profile: keypad(id) });
  undo.push(() => pad.close());
  return { pad, port };
};

/** Runs in this process. */
const run = async (...args: string[]): Promise<{ code: number; text: string }> => {
  const lines: string[] = [];
  const code = await profileCommand(args, { env: {}, print: (text) => lines.push(text) });
  return { code, text: lines.join("\n") };
};

describe("window-host profile", () => {
  test.each([[], ["list"], ["show"], ["check"], ["try"], ["learn"]])("explains itself: %s", async (...name) => {
    const { code, text } = await run(...name, "--help");
    expect(code).toBe(0);
    expect(text).toContain("Usage: window-host profile");
    expect(text).toContain("Example");
  });

  test("lists the profiles and shows one with what its keys stand for", async () => {
    const { profiles } = JSON.parse((await run("list", "--json")).text) as { profiles: { id: string }[] };
    expect(profiles.map(({ id }) => id)).toContain("generic/ff68-four-key");
    expect((await run("show", "generic/ff68-four-key")).text).toMatch(/Key 1 +stands for nothing, 默认/);
  });

  test("checks a file: good, or each thing that is wrong with its place and bytes", async () => {
    const file = join(temporaryFolder(), "pad.json");
    const shipped = readFileSync(join(import.meta.dirname, "../../../../../device-profiles/profiles/generic/xor-five-key.json"), "utf8");
    writeFileSync(file, shipped);
    expect((await run("check", file)).text).toContain("generic/xor-five-key is good");
    writeFileSync(file, shipped.replace('"kind": "xor-8"', '"kind": "sum-8"'));
    const { code, text } = await run("check", file, "--json");
    expect(code).toBe(1);
    const { problems } = JSON.parse(text) as { problems: { path: string; message: string }[] };
    expect(problems.find(({ path }) => path === "$.keypad.examples[0]")?.message).toContain("xor-8 over");
  });

  test.each([
    [["nonsense"], "there is no profile nonsense"],
    [["try"], "no profile is named"],
    [["try", "generic/ascii-keys"], "no port is named"],
    [["try", "generic/five-button", "--port", "/dev/null"], "speaks window-rating/1"],
    [["learn", "--port", "tcp://127.0.0.1:1", "--scan"], "--scan cannot set the speed"],
    [["learn", "--port", "/dev/null", "--keys", "5,5"], "twice"],
    [["learn", "--port", "/dev/null", "--keys", "pause"], "no level"],
    [["learn", "--port", "/dev/null", "--keys", "best"], 'said to be "best"'],
    [["learn", "--port", "/dev/null", "--keys", "5", "--light", "5G"], "--light"],
    [["learn", "--port", "/dev/null", "--keys", "5", "--baud", "9601"], "--baud 9601"],
  ])("says what is wrong with %j", async (args, said) => {
    const error = await run(...args).then(
      () => undefined,
      (failure: WindowRatingError) => failure,
    );
    expect(error?.code).toBe("WR8002");
    expect(error?.message).toContain(said);
  });

  test("try shows bytes beside their reading, both ways, and why bytes were thrown away", async () => {
    const { pad, port } = await openPad("generic/xor-five-key");
    let presses = 0;
    pad.onChange(() => {
      if (pad.face.phase !== "inviting" || presses > 0) return;
      presses++;
      port.write(Uint8Array.of(0xaa, 0x55, 0x01, 0xb0, 0x05, 0xb5, 0x0d));
      void pad.press(1);
    });
    const { code, stdout } = await runWindowHost(
      ["profile", "try", "generic/xor-five-key", "--port", pad.path, "--seconds", "4", "--json"],
      {
        input: "s",
      },
    );
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ is: "out", bytes: "AA 55 01 A1 1E BE 0D", text: "startRating, seconds 30" }));
    expect(lines).toContainEqual(expect.objectContaining({ is: "in", bytes: "AA 55 01 B0 05 B4 0D", reading: "key", key: "5", level: 1 }));
    expect(lines).toContainEqual(
      expect.objectContaining({ is: "in", reading: "rejected", text: expect.stringContaining("the checksum is wrong, B4 wanted") }),
    );
    expect(lines.at(-1)).toMatchObject({ is: "summary", rejected: { checksum: 1 } });
  });

  test("try tells that its port is not there, and ends with 1", async () => {
    const { code, stderr } = await runWindowHost(["profile", "try", "generic/ascii-keys", "--port", "/dev/nothing-here", "--seconds", "1"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("WR3001")]);
  });

  test("learn asks for each key twice and writes a profile that reads them; it writes over nothing", async () => {
    const { pad } = await openPad("generic/ascii-keys");
    const file = join(temporaryFolder(), "our-pad.json");
    const { keys } = keypad("generic/ascii-keys").keypad;
    const args = ["profile", "learn", "--port", pad.path, "--id", "hall/our-pad", "--keys", "1,2,3,4,5", "--listen", "0.2", "--out", file];
    const asked: string[] = [];
    const press = presserOf(pad, keys);
    const { code, stdout } = await runWindowHost([...args, "--json"], {
      onLine: (line) => {
        if (line.includes("Now press")) asked.push(line);
        press(line);
      },
    });
    expect(code).toBe(0);
    expect(asked).toHaveLength(10);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, id: "hall/our-pad", framing: "byte" });
    const learned = findProfile(file);
    expect(learned.protocol === "keypad" && learned.keypad.keys.map(({ level, match }) => [level, match.data])).toEqual(
      [1, 2, 3, 4, 5].map((level) => [level, `'${level}'`]),
    );
    const before = readFileSync(file, "utf8");
    const again = await runWindowHost(args, { onLine: press });
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("--force")]);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  test("learn gives up when nothing comes, and says what to try", async () => {
    const { pad } = await openPad("generic/xor-five-key");
    const file = join(temporaryFolder(), "our-pad.json");
    // Dark, it sends nothing.
    const { code, stderr } = await runWindowHost([
      ...["profile", "learn", "--port", pad.path, "--keys", "5", "--listen", "0.1", "--patience", "0.2", "--out", file],
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("WR2004")]);
    expect(stderr).toContain("--light");
    await vi.waitFor(() => expect(() => readFileSync(file)).toThrow());
  });
});
