import { CAPABILITIES, type Command, type Report } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import type { PadLine, PadWatcher } from "./pad-line.ts";
import { PadLogReader } from "./pad-log-reader.ts";

/** A line whose pad answers as the test says. */
const lineOf = (answer: (command: Command) => readonly Report[], capabilities: number = CAPABILITIES.log) => {
  const watchers = new Set<PadWatcher>();
  const asked: Command[] = [];
  const line = {
    watchers,
    pad: {},
    met: { model: "hall/pad", capabilities },
    send: (command: Command) => {
      asked.push(command);
      queueMicrotask(() => {
        for (const message of answer(command)) for (const watcher of [...watchers]) watcher.report(message);
      });
      return true;
    },
  };
  return { asked, watchers, reader: new PadLogReader(line as unknown as PadLine) };
};

const lines = (from: number, ...texts: readonly string[]): Report => ({
  type: "logLines",
  ...{ from, count: texts.length, text: texts.map((text) => `${text}\n`).join("") },
});

describe("The log that a pad keeps of itself", () => {
  test("is read a page at a time, with the number of each line and of the next", async () => {
    const { reader, asked, watchers } = lineOf((command) =>
      command.type === "readLog" && command.from < 9 ? [lines(7, "one", "two")] : [lines(9)],
    );
    expect(await reader.page(0)).toEqual({
      lines: [
        { number: 7, text: "one" },
        { number: 8, text: "two" },
      ],
      next: 9,
    });
    expect(await reader.page(9)).toEqual({ lines: [], next: null });
    expect(asked).toEqual([
      { type: "readLog", from: 0 },
      { type: "readLog", from: 9 },
    ]);
    expect(watchers.size).toBe(0);
  });

  test("goes to whoever asked, when two ask at once", async () => {
    const { reader } = lineOf((command) => (command.type === "readLog" ? [lines(command.from, `line ${command.from}x`)] : []));
    const [one, other] = await Promise.all([reader.page(5), reader.page(80)]);
    expect([one.lines[0]?.number, other.lines[0]?.number]).toEqual([5, 80]);
  });

  test("of a pad that tells the same lines for ever ends", async () => {
    const { reader } = lineOf(() => [lines(1, "again")]);
    expect((await reader.page(1)).next).toBe(2);
    expect((await reader.page(2)).next).toBeNull();
  });

  test("commands no terminal, and is no way to see which key a citizen pressed", async () => {
    const { reader } = lineOf(() => [lines(1, "\u001b[2Jgone\u202e", "key 4 pressed", "level=2", "uptime 4 s, 5 sessions, key 12")]);
    const { lines: read } = await reader.page(0);
    expect(read.map(({ text }) => text)).toEqual(["?[2Jgone?", "key ? pressed", "level=?", "uptime 4 s, 5 sessions, key 12"]);
  });

  test.each([
    ["keeps none", 0, () => []],
    [
      "refuses it",
      CAPABILITIES.log,
      () => [{ type: "refused", command: 0x4e, requestId: new Uint8Array(16), reason: "unsupported" } as const],
    ],
  ])("of a pad that %s is refused with WR1055", async (_, capabilities, answer) => {
    const { reader, watchers } = lineOf(answer, capabilities);
    await expect(reader.page(0)).rejects.toMatchObject({ code: "WR1055" });
    expect(watchers.size).toBe(0);
  });

  test("of a pad that goes away meanwhile is given up at once, and the next one may ask", async () => {
    const { reader, watchers } = lineOf(() => []);
    const page = reader.page(0);
    const next = reader.page(0);
    await Promise.resolve();
    for (const watcher of [...watchers]) watcher.lost();
    await expect(page).rejects.toMatchObject({ code: "WR1055" });
    await Promise.resolve();
    for (const watcher of [...watchers]) watcher.lost();
    await expect(next).rejects.toMatchObject({ code: "WR1055" });
  });
});
