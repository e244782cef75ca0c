import { describe, expect, test } from "vitest";
import { HELP, readCommand } from "./arguments.ts";

test("no command means serve, with its defaults", () => {
  expect(readCommand(["--data", "d"], undefined)).toEqual({
    name: "serve",
    storage: { data: "d" },
    port: 7300,
    host: "127.0.0.1",
    logLevel: "info",
    json: false,
  });
});

test("--data wins over DATABASE_URL, which serves when it is missing", () => {
  expect(readCommand(["status", "--data", "d"], "postgresql://x/y")).toMatchObject({ storage: { data: "d" } });
  expect(readCommand(["status"], "postgresql://x/y")).toMatchObject({ storage: { databaseUrl: "postgresql://x/y" } });
});

test("every command of the help is read", () => {
  const commands = [...HELP.matchAll(/^ {2}window-central (\w[\w-]*)/gm)].map((found) => found[1] as string);
  expect(commands).toEqual(expect.arrayContaining(["enrol", "status", "retire", "incidents", "set-aside", "serve"]));
  for (const command of commands) {
    const retire = ["--pc", "0c1f0d9e-0000-4000-8000-000000000001", "--by", "张三样例", "--reason", "已报废"];
    const entries = ["take", "missing-entries.json", "--by", "张三样例"];
    const given: Readonly<Record<string, readonly string[]>> = { enrol: ["--window", "3"], retire, entries };
    const options = given[command] ?? [];
    expect(readCommand([command, ...options], "postgresql://x/y").name).toBe(command);
  }
});

describe("WR8002 for", () => {
  const wrong = [
    ["an unknown command", ["start", "--data", "d"]],
    ["two commands", ["status", "enrol", "--data", "d"]],
    ["an unknown option", ["--data", "d", "--dta", "e"]],
    ["an option of another command", ["status", "--data", "d", "--port", "1"]],
    ["a port out of range", ["--data", "d", "--port", "65536"]],
    ["a port that is no number", ["--data", "d", "--port", "http"]],
    ["an enrolment without a window", ["enrol", "--data", "d"]],
    ["a retirement by nobody", ["retire", "--data", "d", "--pc", "0c1f0d9e-0000-4000-8000-000000000001", "--reason", "x"]],
    ["entries without a verb", ["entries", "--data", "d", "--by", "张三样例"]],
    ["entries without a file", ["entries", "take", "--data", "d", "--by", "张三样例"]],
    ["a file that nobody takes in", ["entries", "take", "f.json", "--data", "d"]],
    ["a validity of nothing", ["enrol", "--data", "d", "--window", "3", "--valid-minutes", "0"]],
    ["no storage", ["serve"]],
  ] as const;
  test.each([
    [["enrol", "--data", "d"], "--window is missing"],
    [["enrol", "--data", "d", "--window", ""], "--window: it is empty"],
    [["enrol", "--data", "d", "--window", "1", "--valid-minutes", "soon"], "--valid-minutes: a whole number is needed"],
    [["--data", "d", "--port", "65536"], "--port: at most 65535"],
    [["--data", "d", "--log-level", "loud"], "--log-level: there are trace, debug, info"],
    [["--data", "d", "--dta", "e"], "there is no flag --dta"],
  ])("%j tells what to change, and nothing of how the command line is read", (given, says) => {
    expect(() => readCommand(given, undefined)).toThrow(`WR8002 Command not understood: ${says}`);
  });

  test.each(wrong)("%s", (_, given) => {
    expect(() => readCommand(given, undefined)).toThrow(expect.objectContaining({ code: "WR8002" }));
  });
});
