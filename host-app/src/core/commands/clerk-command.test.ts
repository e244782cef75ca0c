import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pty from "@lydell/node-pty";
import type { ClerkList } from "@window-rating/protocol/desk";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadConfig } from "../config/index.ts";
import { Pairings } from "../desk/pairings.ts";
import { type RunningHost, startHost } from "../host.ts";
import { clerkCommand } from "./clerk-command.ts";

let dataDir: string;
let host: RunningHost;
let token: string;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "window-rating-clerk-"));
  token = new Pairings(dataDir).add("hall system", [], Date.now()).token;
  const config = loadConfig({ dataDir, env: {}, flags: { pad: "tcp://127.0.0.1:9", "desk-port": "0", "screens-port": "0", window: "12" } });
  host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
});
afterEach(async () => {
  await host.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const run = async (...args: string[]): Promise<string> => {
  const printed: string[] = [];
  expect(await clerkCommand([...args, "--data", dataDir], { env: {}, print: (text) => printed.push(text) })).toBe(0);
  return printed.join("\n");
};
/** The command as a process of its own, with this on its standard input. */
const typing = (text: string, ...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "..", "main.ts"), "clerk", ...args, "--data", dataDir]);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.once("close", () => resolve(said));
    child.stdin.end(text);
  });
const desk = async (path: string, body: object) => {
  const answer = await fetch(`http://127.0.0.1:${host.deskPort}/desk/v1/clerk/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const { error } = (await answer.json()) as { error?: { code: string } };
  return error?.code ?? answer.status;
};

describe("window-host clerk", () => {
  test("gives a clerk a code, with which they choose a PIN and sign in at the window", async () => {
    expect(await run("list")).toMatch(/No clerk signs in/);
    expect(await run("add", "1001", "--name", "张三样例")).toMatch(/1001 +张三样例 +this PC +no PIN/);
    const code = /^\d{4}-\d{4}/.exec(await run("code", "1001"))?.[0] ?? "";
    expect(await run("list")).toMatch(/code given/);
    expect(await desk("pin/set", { staffNo: "1001", code, newPin: "294817" })).toBe(200);
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "294818" })).toBe("WR5019");
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "294817" })).toBe(200);
    expect(await run("list")).toMatch(/1001 .* PIN +12/);
  });

  test("says what stands on the card of one clerk, and leaves what is not said", async () => {
    const onCards = async () => {
      const { clerks } = JSON.parse(await run("list", "--json")) as ClerkList;
      return clerks.map(({ staffNo, name, onCard }) => [staffNo, name, onCard?.title, onCard?.stars, onCard?.partyMember]);
    };
    await run("add", "1001", "--name", "张三样例", "--title", "综合窗口", "--stars", "4", "--party-member");
    expect(await run("add", "1002", "--name", "李四样例")).toMatch(/综合窗口 ★★★★ 党员/);
    expect(await onCards()).toEqual([
      ["1001", "张三样例", "综合窗口", 4, true],
      ["1002", "李四样例", null, null, null],
    ]);
    await run("add", "1001", "--name", "张三样例甲", "--no-party-member");
    expect((await onCards())[0]).toEqual(["1001", "张三样例甲", "综合窗口", 4, false]);
    for (const wrong of [
      ["--stars", "6"],
      ["--party-member", "--no-party-member"],
    ])
      await expect(run("add", "1001", "--name", "张三样例", ...wrong)).rejects.toMatchObject({ code: "WR8002" });
  });

  test("takes PIN and card from standard input, and shows neither", async () => {
    await run("add", "1001", "--name", "张三样例");
    const said = (await typing("830462\n", "pin", "1001")) + (await typing("0012345678\n", "card", "1001"));
    expect(said).toMatch(/PIN to be changed +card/);
    expect(said).not.toMatch(/830462|0012345678/);
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "830462" })).toBe("WR5022");
    expect(await desk("sign-in/card", { card: "0012345678" })).toBe(200);
    await run("card", "1001", "--none");
    expect(await desk("sign-in/card", { card: "0012345678" })).toBe("WR5032");
    expect(await typing("123456\n", "pin", "1001")).toMatch(/WR5021/);
  });

  test("shows nothing of a PIN on a terminal either, asks for it twice there, and ends at Ctrl+C", async () => {
    await run("add", "1001", "--name", "张三样例");
    const atTerminal = async (...answers: readonly string[]) => {
      const args = [join(import.meta.dirname, "..", "main.ts"), "clerk", "pin", "1001", "--data", dataDir];
      const terminal = pty.spawn(process.execPath, args, { cols: 80, rows: 24 });
      let shown = "";
      terminal.onData((text) => (shown += text));
      const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
      for (const [times, answer] of answers.entries()) {
        await vi.waitUntil(() => shown.includes(times === 0 ? "Type the PIN" : "Once more"));
        terminal.write(answer);
      }
      return { code: await ended, shown };
    };
    const other = await atTerminal("830462\r", "830463\r");
    expect([other.code, other.shown]).toEqual([2, expect.stringContaining("not typed the same twice")]);
    expect((await atTerminal("830462\r", "\x03")).code).toBe(130);
    const typed = await atTerminal("830462\r", "830462\r");
    expect([typed.code, typed.shown]).toEqual([0, expect.stringContaining("PIN to be changed")]);
    expect(other.shown + typed.shown).not.toMatch(/83046/);
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "830462" })).toBe("WR5022");
  });

  test("unlocks a clerk after wrong PINs, says what it needs, and forgets a clerk", async () => {
    await run("add", "1001", "--name", "张三样例");
    for (let wrong = 0; wrong < 3; wrong++) expect(await desk("sign-in/pin", { staffNo: "1001", pin: "000001" })).toBe("WR5019");
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "000001" })).toBe("WR5020");
    expect(await run("list")).toMatch(/locked for a while/);
    expect(await run("unlock", "1001", "--window", "12")).not.toMatch(/locked/);
    expect(await desk("sign-in/pin", { staffNo: "1001", pin: "000001" })).toBe("WR5019");
    for (const args of [["unlock"], ["add", "1001"], ["code"], ["give"]])
      await expect(clerkCommand([...args, "--data", dataDir], { env: {}, print: () => {} })).rejects.toMatchObject({ code: "WR8002" });
    await expect(clerkCommand(["code", "9999", "--data", dataDir], { env: {}, print: () => {} })).rejects.toMatchObject({ code: "WR5023" });
    expect(await run("remove", "1001", "--json")).toBe('{"clerks":[],"lockedWindows":[]}');
    expect(await run("--help")).toMatch(/Exit codes/);
  });
});
