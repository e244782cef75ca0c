import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestDevice } from "../../../test/tablet/rig.ts";
import { temporaryFolder } from "../../../test/window-rig.ts";
import { loadConfig } from "../config/index.ts";
import { type RunningHost, startHost } from "../host.ts";
import { screenCommand } from "./screen-command.ts";

let folder: ReturnType<typeof temporaryFolder>;
let host: RunningHost;
const start = async (windows: readonly { windowNo: string; port: string }[]): Promise<void> => {
  const list = windows.map(({ windowNo, port }) => ({ windowNo, pad: { port } }));
  const config = loadConfig({
    dataDir: folder.path,
    env: { WINDOW_RATING_WINDOWS: JSON.stringify(list) },
    flags: { "desk-port": "0", "browser-pad-port": "0" },
  });
  host = await startHost({ config, dataDir: folder.path, logger: pino({ level: "silent" }) });
};
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await host.close();
  folder.remove();
});

const address = async (...args: string[]): Promise<URL> => {
  const printed: string[] = [];
  await screenCommand(["citizen", "--print", ...args, "--data", folder.path], { env: {}, print: (text) => printed.push(text) });
  return new URL(printed.join(""));
};

/** What the button on the page does. */
const begin = async (page: URL): Promise<number> => {
  const { status } = await fetch(new URL("admission", page), {
    method: "POST",
    headers: { origin: page.origin, "content-type": "application/json" },
    body: JSON.stringify({ secret: page.hash.slice(1), publicKey: new TestDevice().publicKey }),
  });
  return status;
};

describe("window-host screen citizen", () => {
  test("gives an address that makes the browser the window's pad once, and from then on the same page without a code", async () => {
    await start([{ windowNo: "12", port: "browser" }]);
    const first = await address();
    expect([first.hostname, first.pathname]).toEqual(["127.0.0.1", "/window/12/"]);
    expect(first.hash.length).toBeGreaterThan(20);
    expect((await fetch(first)).status).toBe(200);
    expect(await begin(first)).toBe(200);
    expect((await address()).href).toBe(first.href.slice(0, -first.hash.length));
    const other = await address("--replace");
    expect(other.hash.length).toBeGreaterThan(20);
    expect(await begin(other)).toBe(200);
    expect(await begin(first)).not.toBe(200);
  });

  test("wants a window named where several have such a page, and one that has", async () => {
    await start([
      { windowNo: "12", port: "browser" },
      { windowNo: "13", port: "browser" },
      { windowNo: "14", port: "tcp://127.0.0.1:9" },
    ]);
    await expect(address()).rejects.toMatchObject({ code: "WR5017" });
    await expect(address("--window", "14")).rejects.toMatchObject({ code: "WR1042" });
    expect((await address("--window", "13")).pathname).toBe("/window/13/");
  });

  test("says so where no window has such a page", async () => {
    await start([{ windowNo: "12", port: "tcp://127.0.0.1:9" }]);
    await expect(address()).rejects.toMatchObject({ code: "WR1042" });
  });
});
