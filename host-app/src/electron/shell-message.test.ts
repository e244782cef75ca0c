import { readFileSync } from "node:fs";
import path from "node:path";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APP_ORIGIN, appPage, type Home } from "./home.ts";
import { admitShellMessage, channelName, SHELL_MESSAGES, type ShellMessage, TO_PAGE } from "./shell-message.ts";

const guests = "http://127.0.0.1:7101";
const windows = {
  home: (id: number): Home | null => (id === 7 ? { is: "app" } : id === 9 ? { is: "origin", origin: guests } : null),
};
const guest = { contentsId: 9, frame: { url: `${guests}/strip.html?window=12`, isTop: true } };
const ours = { contentsId: 7, frame: { url: appPage("strip", "12"), isTop: true } };

describe("a message from a page", () => {
  test("is admitted from the top frame of a window of ours, as declared", () => {
    expect(admitShellMessage("connect", ours, undefined, windows)).toEqual({ is: "admitted", body: undefined });
    expect(admitShellMessage("needHeight", ours, 420, windows)).toEqual({ is: "admitted", body: 420 });
    expect(admitShellMessage("needHeight", ours, null, windows)).toEqual({ is: "admitted", body: null });
  });

  test("is admitted from a strip that another core serves for height and keys, and never for a way to our core", () => {
    expect(admitShellMessage("needHeight", guest, 420, windows)).toEqual({ is: "admitted", body: 420 });
    expect(admitShellMessage("keepKeys", guest, { endCase: "F8" }, windows)).toEqual({ is: "admitted", body: { endCase: "F8" } });
    expect(admitShellMessage("askKeys", guest, undefined, windows).is).toBe("admitted");
    expect(admitShellMessage("connect", guest, undefined, windows)).toMatchObject({ is: "refused" });
    for (const url of [ours.frame.url, "http://127.0.0.1:7102/strip.html", "http://user@127.0.0.1:7101/strip.html"])
      expect(admitShellMessage("needHeight", { ...guest, frame: { url, isTop: true } }, 420, windows).is).toBe("refused");
  });

  test("takes no key that belongs to what is typed, and no action that there is not", () => {
    for (const keys of [{ endCase: "A" }, { endCase: "Enter" }, { format: "F8" }, { endCase: 1 }, null, []])
      expect(admitShellMessage("keepKeys", ours, keys, windows).is, JSON.stringify(keys)).toBe("refused");
  });

  test.each([
    ["another window", { ...ours, contentsId: 8 }],
    ["a frame inside the page", { ...ours, frame: { ...ours.frame, isTop: false } }],
    ["a frame that is gone", { ...ours, frame: null }],
    ["a page from elsewhere", { ...ours, frame: { url: "https://example.org/", isTop: true } }],
    ["a page that looks like ours", { ...ours, frame: { url: `${APP_ORIGIN}.example.org/strip.html`, isTop: true } }],
  ])("is refused from %s", (_who, sender) => {
    for (const name of Object.keys(SHELL_MESSAGES) as ShellMessage[])
      expect(admitShellMessage(name, sender, name === "needHeight" ? 100 : name === "keepKeys" ? {} : undefined, windows).is).toBe(
        "refused",
      );
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

  /** What it puts into a page of this scheme, and the channels it has said something on. */
  const run = (protocol: string) => {
    const exposed: Record<string, object> = {};
    const said: string[] = [];
    const heard = new Map<string, (event: object, body: unknown) => void>();
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: object) => Object.assign(exposed, { [name]: api }) },
      ipcRenderer: {
        on: (channel: string, act: (event: object, body: unknown) => void) => heard.set(channel, act),
        send: (channel: string) => said.push(channel),
      },
    };
    runInNewContext(text, { require: () => electron, location: { protocol } });
    return { exposed, said, heard };
  };

  test("gives a page of ours the way to the core, and a strip that another core serves height and keys alone", () => {
    expect(Object.keys(run("window-rating-app:").exposed)).toEqual(["windowRatingCarrier", "windowRatingShell"]);
    for (const elsewhere of ["http:", "https:", "about:"]) expect(Object.keys(run(elsewhere).exposed)).toEqual(["windowRatingShell"]);
  });

  test("asks for the keys for whoever wants to hear of them, and tells them", () => {
    const { exposed, said, heard } = run("http:");
    const told: unknown[] = [];
    (exposed.windowRatingShell as { onKeys(act: (keys: unknown) => void): void }).onKeys((keys) => told.push(keys));
    expect(said).toEqual(["window-rating:askKeys"]);
    heard.get("window-rating:keys")?.({}, { shortcuts: {}, taken: [] });
    expect(told).toEqual([{ shortcuts: {}, taken: [] }]);
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
