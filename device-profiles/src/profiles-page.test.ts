import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fieldTables, withFieldTables } from "./field-tables.ts";
import { readProfileText } from "./profile-text.ts";
import { PROFILE_FOLDER } from "./profiles.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/profiles.md"), "utf8");
const between = (name: string): string => new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- /${name} -->`).exec(PAGE)?.[1] ?? "";
const EXAMPLE = JSON.parse(/```json\n([\s\S]*?)```/.exec(between("worked example"))?.[1] ?? "null");

const template = (name: string): string => readFileSync(join(PROFILE_FOLDER, "templates", `${name}.json`), "utf8");
const read = (json: unknown) => readProfileText("yangli/pj-500.json", JSON.stringify(json), template);

// biome-ignore lint/suspicious/noExplicitAny: a test breaks the file in places that its type forbids
type Mistake = (json: any) => unknown;
/** The mistakes of the page's table, in its order. */
const MISTAKES: readonly Mistake[] = [
  (json) => (json.port = { baudRat: 9600 }),
  (json) => (json.keypad.framing.fields[5].is = "chcksum"),
  (json) => delete json.keypad.framing.fields[5].form,
  (json) => (json.keypad.framing.fields[2].counts.from = "length"),
  (json) => (json.keypad.keys[0].match.data = "06"),
  (json) => (json.keypad.requests.cancel.send[0].function = "15"),
  (json) => (json.keypad.keys[0].level = 1),
  (json) => {
    delete json.keypad.keys[4].nothing;
    json.keypad.keys[4].level = 1;
  },
  (json) => (json.keypad.requests.voice.send[0].data = "{seconds}"),
  (json) => (json.keypad.guard.afterMs = 500),
  (json) => json.keypad.examples.splice(3, 1),
];

describe("docs/profiles.md", () => {
  it("holds a worked example that is a good profile as it stands", () => {
    const { profiles, problems } = read(EXAMPLE);
    expect(problems).toEqual([]);
    expect(profiles).toMatchObject([{ id: "yangli/pj-500", protocol: "keypad", port: { baudRate: 9600 } }]);
  });

  const rows = between("common errors")
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("`$"));

  it("names one message for each mistake", () => {
    expect(rows).toHaveLength(MISTAKES.length);
  });

  it.each(rows.map((row, index) => [row.split("|")[1]?.trim(), row, index] as const))(
    "tells what the check says of: %s",
    (_what, row, index) => {
      const wrong = structuredClone(EXAMPLE);
      MISTAKES[index]?.(wrong);
      const messages = read(wrong).problems.map(({ path, message }) => `${path}: ${message}`);
      expect(messages).toContain(/`(\$[^`]*)`/.exec(row)?.[1]);
    },
  );

  it("lists every field with its meaning, as the schema has it now", () => {
    expect(withFieldTables(PAGE) === PAGE).toBe(true);
    for (const [name, table] of Object.entries(fieldTables())) {
      const empty = table.split("\n").filter((line) => /\| \|$|\| {2}\|$/.test(line));
      expect([name, empty]).toEqual([name, []]);
    }
  });

  it("refuses to lose a table", () => {
    expect(() => withFieldTables(PAGE.replace("<!-- every profile -->", ""))).toThrow(/no place for the table "every profile"/);
  });
});
