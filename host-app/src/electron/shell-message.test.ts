import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APP_ORIGIN, appPage } from "./home.ts";
import { admitShellMessage, channelName, SHELL_MESSAGES, type ShellMessage, TO_PAGE } from "./shell-message.ts";

const windows = new Set([7]);
const ours = { contentsId: 7, frame: { url: appPage("strip", "12"), isTop: true } };

describe("a message from a page", () => {
  test("is admitted from the top frame of a window of ours, as declared", () => {
    expect(admitShellMessage("connect", ours, undefined, windows)).toEqual({ is: "admitted", body: undefined });
    expect(admitShellMessage("needHeight", ours, 420, windows)).toEqual({ is: "admitted", body: 420 });
    expect(admitShellMessage("needHeight", ours, null, windows)).toEqual({ is: "admitted", body: null });
  });

  test.each([
    ["another window", { ...ours, contentsId: 8 }],
    ["a frame inside the page", { ...ours, frame: { ...ours.frame, isTop: false } }],
    ["a frame that is gone", { ...ours, frame: null }],
    ["a page from elsewhere", { ...ours, frame: { url: "https://example.org/", isTop: true } }],
    ["a page that looks like ours", { ...ours, frame: { url: `${APP_ORIGIN}.example.org/strip.html`, isTop: true } }],
  ])("is refused from %s", (_who, sender) => {
    for (const name of Object.keys(SHELL_MESSAGES) as ShellMessage[])
      expect(admitShellMessage(name, sender, name === "connect" ? undefined : 100, windows).is).toBe("refused");
  });

  test("is refused when it is not as declared, whatever it is, and is not repeated in what is said of it", () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        const verdict = admitShellMessage("needHeight", ours, body, windows);
        const isDeclared = body === null || (Number.isInteger(body) && (body as number) >= 1 && (body as number) <= 10_000);
        expect(verdict.is).toBe(isDeclared ? "admitted" : "refused");
        if (verdict.is === "refused") expect(verdict.because).toBe("needHeight: not as declared");
      }),
    );
    expect(admitShellMessage("connect", ours, { screen: "console" }, windows).is).toBe("refused");
  });
});

describe("the preload", () => {
  const text = readFileSync(path.join(import.meta.dirname, "preload.cjs"), "utf8");

  test("uses the declared channels, all of them and no other", () => {
    const used = [...text.matchAll(/"(window-rating:\w+)"/g)].map(([, name]) => name);
    const declared = [...Object.keys(SHELL_MESSAGES), ...Object.keys(TO_PAGE)] as (ShellMessage | keyof typeof TO_PAGE)[];
    expect(used.sort()).toEqual(declared.map(channelName).sort());
  });

  test("needs nothing but Electron, for a sandboxed preload can load nothing else, and hands no Electron to the page", () => {
    expect([...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(["electron"]);
    expect(text).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer\)/);
  });
});

test("main process and preload have fewer than 400 lines together", () => {
  const lines = ["main.ts", "preload.cjs"].map((file) => readFileSync(path.join(import.meta.dirname, file), "utf8").split("\n").length);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(400);
});
