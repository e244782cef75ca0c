import { describe, expect, it } from "vitest";
import { readProfileText } from "./profile-text.ts";
import { findProfile } from "./profiles.ts";

const BASE = { ...findProfile("generic/ff68-four-key"), id: "acme/a" };

// biome-ignore lint/suspicious/noExplicitAny: a test breaks the file in places that its type forbids
type Damage = (json: any) => unknown;
const problemsAfter = (damage: Damage, templates: Record<string, string> = {}): string[] => {
  const json = structuredClone(BASE);
  damage(json);
  const { problems } = readProfileText("acme/a.json", JSON.stringify(json), (name) => templates[name]);
  return problems.map(({ path, message }) => `${path}: ${message}`);
};

describe("a profile with variants", () => {
  it("gives a whole profile for each, with what differs merged in and null taking a key away", () => {
    const variants = [
      { id: "acme/a-fast", model: "A fast", port: { baudRate: 19200 }, quirks: [] },
      { id: "acme/a-mute", model: "A mute", keypad: { pauseMs: null } },
    ];
    const { profiles, problems } = readProfileText("acme/a.json", JSON.stringify({ ...BASE, variants }));
    expect(problems).toEqual([]);
    expect(profiles).toMatchObject([
      { id: "acme/a", port: { baudRate: 9600, parity: "none" } },
      { id: "acme/a-fast", model: "A fast", port: { baudRate: 19200, parity: "none" }, quirks: [] },
      { id: "acme/a-mute", keypad: { guard: { afterMs: 1500 } } },
    ]);
    expect(profiles[2]).not.toHaveProperty("keypad.pauseMs");
    expect(profiles[1]).not.toHaveProperty("variants");
  });

  it.each<[string, Damage, string]>([
    [
      "a slip of its own, at its place in the file",
      (json) => (json.variants = [{ id: "acme/a-b", model: "B", port: { baudRat: 9600 } }]),
      '$.variants[0].port.baudRat: unknown key; did you mean "baudRate"?',
    ],
    [
      "a wrong value of its own",
      (json) => (json.variants = [{ id: "acme/a-b", model: "B", port: { parity: "evn" } }]),
      '$.variants[0].port.parity: must be one of none, even, odd, found "evn"; did you mean "even"?',
    ],
    ["no model", (json) => (json.variants = [{ id: "acme/a-b" }]), "$.variants[0].model: is missing: a variant is a model of its own"],
    ["no id", (json) => (json.variants = [{ model: "B" }]), "$.variants[0].id: is missing: a variant has an id of its own"],
    [
      "an id from elsewhere",
      (json) => (json.variants = [{ id: "acme/b", model: "B" }]),
      '$.variants[0].id: must begin with "acme/a-", so that it is found in this file',
    ],
    ["no object", (json) => (json.variants = [5]), "$.variants[0]: must be an object with the id, the model and what differs"],
    [
      "no list",
      (json) => (json.variants = {}),
      "$.variants: must be a list of 1 to 32 objects, each with its own id and model and what differs",
    ],
  ])("is refused for %s", (_what, damage, expected) => {
    expect(problemsAfter(damage)).toEqual([expected]);
  });

  it("is told once of what is wrong with all of them", () => {
    const problems = problemsAfter((json) => {
      json.port.baudRate = 9601;
      json.variants = [
        { id: "acme/a-b", model: "B" },
        { id: "acme/a-c", model: "C" },
      ];
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\$\.port\.baudRate: expected one of /);
  });
});

describe("a profile with templates", () => {
  const without = (json: { quirks?: unknown }): void => void delete json.quirks;

  it("is told what is wrong in a template, and in which", () => {
    const damage: Damage = (json) => {
      without(json);
      json.extends = "base";
    };
    expect(problemsAfter(damage, { base: '{ "quirks": [], "lmaps": {} }' })).toEqual([
      '$.lmaps: unknown key; did you mean "lamps"? (from templates/base.json)',
    ]);
    expect(problemsAfter(damage, {})).toEqual(["$.extends: there is no templates/base.json", "$.quirks: is missing"]);
    expect(problemsAfter(damage, { base: "{" })[0]).toMatch(/^\$\.extends: templates\/base\.json is not JSON/);
    expect(problemsAfter(damage, { base: '{ "id": "x" }' })[0]).toBe("$.extends: templates/base.json has id, which belongs to a profile");
  });

  it.each<[string, unknown, string]>([
    ["a path", "../base", "$.extends: must be the name of a template: the file templates/<name>.json without its folder and ending"],
    ["a number", 5, "$.extends: must be the name of a template, or a list of names"],
  ])("cannot extend %s", (_what, name, expected) => {
    expect(problemsAfter((json) => (json.extends = name))).toEqual([expected]);
  });
});

describe("a profile of another maker's pad", () => {
  it.each<[string, Damage, string]>([
    [
      "an unknown way to cut frames",
      (json) => (json.keypad.framing.is = "fram"),
      '$.keypad.framing.is: must be one of frame, line, byte, found "fram"; did you mean "frame"?',
    ],
    [
      "an unknown kind of field",
      (json) => (json.keypad.framing.fields[7].is = "checksumm"),
      '$.keypad.framing.fields[7].is: must be one of fixed, length, address, function, data, checksum, found "checksumm"; did you mean "checksum"?',
    ],
    [
      "an unknown checksum",
      (json) => (json.keypad.framing.fields[7].kind = "sum8x"),
      "$.keypad.framing.fields[7].kind: must be one of sum-8, xor-8, ",
    ],
    [
      "an unknown key in a field",
      (json) => (json.keypad.framing.fields[6].mim = 1),
      '$.keypad.framing.fields[6].mim: unknown key; did you mean "min"?',
    ],
    [
      "an unknown request",
      (json) => (json.keypad.requests.starRating = {}),
      '$.keypad.requests.starRating: unknown key; did you mean "startRating"?',
    ],
    [
      "an unknown action",
      (json) => (json.keypad.keys[1] = { key: "1", match: { data: "01" }, action: "calNext" }),
      "$.keypad.keys[1].action: must be one of requestRating, callNext",
    ],
    [
      "a key that means two things",
      (json) => (json.keypad.keys[0].action = "pause"),
      "$.keypad.keys[0]: must give exactly one of level, action and nothing, has level and action",
    ],
    [
      "a wrong checksum in an example",
      (json) => (json.keypad.examples[3].bytes = "FF 68 03 03 68 01 11 03 14 16"),
      '$.keypad.examples[3]: must read as key "3", but FF 68 03 03 68 01 11 03 [14] 16 stopped at byte 9: the checksum is wrong, 15 wanted; at fault is this example or framing.fields[7]',
    ],
    ["keys of the other protocol", (json) => (json.keys = []), "$.keys: unknown key; valid here: id, "],
  ])("with %s is refused at that place", (_what, damage, expected) => {
    const problems = problemsAfter(damage);
    expect(problems[0]).toContain(expected);
    expect(problems).toHaveLength(1);
  });

  it("asks a pad of ours to be able to do what it describes", () => {
    const ours = { ...findProfile("generic/touchscreen"), id: "acme/a" };
    const problems = (change: object): string[] =>
      readProfileText("acme/a.json", JSON.stringify({ ...ours, ...change })).problems.map(({ path, message }) => `${path}: ${message}`);
    expect(problems({})).toEqual([]);
    expect(problems({ capabilities: [] })).toEqual([
      "$.capabilities: must have screen: the profile describes it under screen",
      "$.capabilities: must have assets: the profile describes it under assets",
      "$.capabilities: must have firmwareUpdate: the profile describes it under firmwareUpdate",
      "$.capabilities: must have voice: voice.prompts is not empty",
      "$.capabilities: must have touch: screen.touch is true",
    ]);
    expect(problems({ screen: undefined })).toEqual([
      "$.screen: is missing: capabilities has screen",
      "$.capabilities: has touch, but screen.touch is not true",
    ]);
  });
});
