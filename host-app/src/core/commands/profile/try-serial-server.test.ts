import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { PtyPort, SimulatedKeypad } from "@window-rating/firmware-sim";
import { afterEach, describe, expect, test } from "vitest";
import { runWindowHost } from "../../../../test/learning-child.ts";
import { findSer2net, ser2netLacking } from "../../../../test/ser2net.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const SER2NET = findSer2net();

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
};

describe.skipIf(SER2NET === undefined)(`profile try behind ser2net${ser2netLacking(SER2NET)}`, () => {
  test.each(["generic/ascii-keys-even-parity", "generic/clerk-console"])(
    "sets the line of %s by RFC 2217 and reads its keys",
    async (id) => {
      const profile = findProfile(id);
      if (profile.protocol !== "keypad") throw new Error(`${id} is no keypad`);
      const folder = mkdtempSync(join(tmpdir(), "window-rating-try-"));
      undo.push(() => rmSync(folder, { recursive: true, force: true }));
      const pty = new PtyPort(join(folder, "pad"));
      const pad = new SimulatedKeypad({ port: pty, profile });
      undo.push(() => pad.close());
      const [config, port] = [join(folder, "ser2net.yaml"), await freePort()];
      // The speed is wrong on purpose.
      writeFileSync(
        config,
        `%YAML 1.1\n---\nconnection: &pad\n  accepter: telnet(rfc2217),tcp,127.0.0.1,${port}\n  connector: serialdev,${pty.path},1200n81,local\n`,
      );
      const child: ChildProcess = spawn(SER2NET as string, ["-n", "-d", "-u", "-c", config, "-P", join(folder, "pid")], {
        stdio: "ignore",
      });
      undo.push(async () => {
        if (child.exitCode !== null) return;
        child.kill();
        await once(child, "exit");
      });
      const speeds = new Set<string>();
      const pressing = setInterval(() => {
        // ser2net sets the line back when its client goes.
        speeds.add(execFileSync("stty", ["-F", pty.path, "speed"], { encoding: "utf8" }).trim());
        if (pad.face.phase === "inviting") void pad.press(4);
      }, 700);
      undo.push(() => clearInterval(pressing));
      // ser2net needs a moment; whoever comes too early is told that nobody answers.
      let result = await runWindowHost(["profile", "try", id, "--port", `rfc2217://127.0.0.1:${port}`, "--seconds", "5", "--json"], {
        input: "s",
      });
      for (let times = 0; times < 20 && result.stderr.includes("WR3001"); times++)
        result = await runWindowHost(["profile", "try", id, "--port", `rfc2217://127.0.0.1:${port}`, "--seconds", "5", "--json"], {
          input: "s",
        });
      expect([result.code, result.stderr]).toEqual([0, ""]);
      expect(result.stdout).toContain('"level":4');
      expect([...speeds]).toContain(String(profile.port.baudRate));
    },
  );
});
