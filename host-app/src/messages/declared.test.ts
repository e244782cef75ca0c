import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EVENTS } from "./events.ts";
import { REQUESTS } from "./requests.ts";

const UI = join(import.meta.dirname, "..", "ui");

/** Every source of the screens, with its text. */
const sources = readdirSync(UI, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.ts$/.test(entry.name))
  .map((entry) => ({ file: join(entry.parentPath, entry.name), text: readFileSync(join(entry.parentPath, entry.name), "utf8") }));

/** First arguments of calls such as `model.ask("case.end", …)`; null where it is no literal. */
const namesIn = (text: string, methods: string): (string | null)[] =>
  [...text.matchAll(new RegExp(`\\.(?:${methods})\\(\\s*(?:"([^"]+)"|([^"\\s]))`, "g"))].map(([, name]) => name ?? null);

describe("The messages of the screens", () => {
  const asked = sources.flatMap(({ file, text }) => namesIn(text, "ask|act").map((name) => ({ file, name })));

  test("asked anywhere in the screens are all declared; a name that is put together could be anything, and only the functions that pass a name on have one", () => {
    const stray = asked.filter(({ name }) => name !== null && !Object.hasOwn(REQUESTS, name));
    expect(stray).toEqual([]);
    expect(asked.filter(({ name }) => name === null).map(({ file }) => file.slice(UI.length + 1))).toEqual([
      "console/console-model.ts",
      "strip/strip-model.ts",
      "strip/strip-model.ts",
    ]);
  });

  test("that are declared are all asked by some screen, and no screen listens to an event that there is not", () => {
    const names = new Set(asked.map(({ name }) => name));
    expect(Object.keys(REQUESTS).filter((name) => !names.has(name))).toEqual([]);
    const heard = sources.flatMap(({ text }) => namesIn(text, "on").filter((name) => name !== null));
    expect(heard.filter((name) => !Object.hasOwn(EVENTS, name))).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
  });

  test("reach the core in no other way: no screen opens a connection of its own", () => {
    const own = sources.filter(({ text }) => /new WebSocket|XMLHttpRequest|EventSource|sendBeacon|\bfetch\(/.test(text));
    expect(own.map(({ file }) => file.slice(UI.length + 1)).sort()).toEqual(["carrier/web-socket-carrier.ts", "open/open.ts"]);
  });
});

// What the compiler refuses: these lines are its tests, for a line that it would accept fails the check of types.
export const refusedByTheCompiler = (
  client: import("./client.ts").ScreenClient<"strip">,
  citizen: import("./client.ts").ScreenClient<"citizen">,
): void => {
  // @ts-expect-error: no such message is declared
  void client.ask("case.delete", {});
  // @ts-expect-error: the body lacks its case
  void client.ask("case.cancel", {});
  // @ts-expect-error: nobody but a strip may send it
  void citizen.ask("case.end", { caseNo: "A-1" });
  // @ts-expect-error: no such event is declared
  client.on("rating", () => undefined);
};
