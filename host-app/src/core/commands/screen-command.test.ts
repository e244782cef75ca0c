import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ScreenStage, setScreenStage } from "../screens/test/screen-stage.ts";
import { screenCommand } from "./screen-command.ts";

let stage: ScreenStage;
beforeEach(async () => {
  stage = await setScreenStage({ windows: ["12", "13"] });
});
afterEach(() => stage.close());

const run = async (...args: string[]): Promise<string> => {
  const printed: string[] = [];
  await screenCommand([...args, "--data", stage.dataDir], { env: {}, print: (text) => printed.push(text) });
  return printed.join("\n");
};

describe("window-host screen", () => {
  test("prints an address for the strip of a window, which opens once", async () => {
    const url = new URL(await run("strip", "--window", "13", "--print"));
    expect([url.hostname, url.pathname, url.hash.length]).toEqual(["127.0.0.1", "/open.html", 44]);
    const redeem = () =>
      fetch(new URL("/session", url), {
        method: "POST",
        headers: { origin: url.origin, "content-type": "application/json" },
        body: JSON.stringify({ ticket: url.hash.slice(1) }),
      });
    expect(await (await redeem()).json()).toEqual({ page: "/strip.html?window=13" });
    expect((await redeem()).status).toBe(401);
    const { sessions } = JSON.parse(await run("list", "--json"));
    expect(sessions).toMatchObject([{ screen: "strip", windowNo: "13" }]);
    expect(await run("end", sessions[0].id)).toBe("1 session ended.");
    expect(await run("list")).toMatch(/^No browser may show a screen/);
  });

  test("wants a window named where there are several, and a screen that there is", async () => {
    await expect(run("strip", "--print")).rejects.toMatchObject({ code: "WR5017" });
    await expect(run("strip", "--window", "99", "--print")).rejects.toMatchObject({ code: "WR5017" });
    await expect(run("strap")).rejects.toMatchObject({ code: "WR8002" });
    await expect(run("end")).rejects.toMatchObject({ code: "WR8002" });
    expect(JSON.parse(await run("end", "--all", "--json"))).toEqual({ ended: 0 });
  });

  test("says that window-host does not run", async () => {
    await stage.stop();
    await expect(run("strip", "--print")).rejects.toMatchObject({ code: "WR8003" });
  });
});
