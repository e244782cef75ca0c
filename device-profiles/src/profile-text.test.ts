import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readProfileText } from "./profile-text.ts";
import { findProfile } from "./profiles.ts";

const FILE = "generic/five-button.json";
/** The shipped profile with its templates put in. */
const GOOD = JSON.stringify(findProfile("generic/five-button"));

// biome-ignore lint/suspicious/noExplicitAny: a test breaks the file in places that its type forbids
type Damage = (json: any) => unknown;
const problemsAfter = (damage: Damage, file = FILE): string[] => {
  const json = JSON.parse(GOOD);
  damage(json);
  return problemsIn(JSON.stringify(json), file);
};
const problemsIn = (text: string, file = FILE): string[] => {
  return readProfileText(file, text).problems.map(({ file, path, message }) => `${file} ${path}: ${message}`);
};

describe("a profile file", () => {
  it("that is good becomes a profile", () => {
    const read = readProfileText(FILE, GOOD);
    expect(read).toMatchObject({ profiles: [{ id: "generic/five-button", port: { baudRate: 115200 }, limits: { eventCapacity: 64 } }] });
  });

  it("may begin with a byte order mark", () => {
    expect(problemsIn(`\uFEFF${GOOD}`)).toEqual([]);
  });

  it.each<[string, Damage, string]>([
    ["an unknown key at the top", (json) => (json.protokol = "x"), '$.protokol: unknown key; did you mean "protocol"?'],
    ["an unknown key deep inside", (json) => (json.port.baud_rates = 9600), '$.port.baud_rates: unknown key; did you mean "baudRate"?'],
    ["an unknown key in a list", (json) => (json.keys[2].lvl = 3), '$.keys[2].lvl: unknown key; did you mean "level"?'],
    [
      "an unknown key like nothing known",
      (json) => (json.lamps.brightnessPercent = 3),
      "$.lamps.brightnessPercent: unknown key; valid here: count",
    ],
    [
      "an unknown key that is no identifier",
      (json) => (json.limits["max frame"] = 3),
      '$.limits["max frame"]: unknown key; did you mean "maxFrame"?',
    ],
    ["a missing key", (json) => delete json.port.parity, "$.port.parity: is missing"],
    ["a missing part", (json) => delete json.keys, "$.keys: is missing"],
    [
      "a wrong type",
      (json) => (json.port.baudRate = "9600"),
      '$.port.baudRate: expected one of 1200|2400|4800|9600|19200|38400|57600|115200|230400|460800|921600, found "9600"',
    ],
    ["a level that does not exist", (json) => (json.keys[4].level = 6), "$.keys[4].level: "],
    ["a level between two levels", (json) => (json.keys[4].level = 4.5), "$.keys[4].level: "],
    ["two keys of one level", (json) => (json.keys[4].level = 4), "$.keys[4]: level 4 stands in entry 3 already"],
    ["one key twice", (json) => (json.keys[4].key = 1), "$.keys[4]: key 1 stands in entry 0 already"],
    ["no keys", (json) => (json.keys = []), "$.keys: "],
    ["a key that a pad cannot have", (json) => (json.keys[0].key = 0), "$.keys[0].key: "],
    [
      "an id that is not the path",
      (json) => (json.id = "generic/four-button"),
      '$.id: must be "generic/five-button", as the file is named',
    ],
    [
      "an id in another form",
      (json) => (json.id = "Generic"),
      '$.id: must be maker/model in lower case, for instance generic/five-button, found "Generic"',
    ],
    [
      "USB ids in another form",
      (json) => (json.identity.usb[0].vendorId = "0x1A86"),
      '$.identity.usb[0].vendorId: must be four hexadecimal digits in lower case, for instance 1a86, found "0x1A86"',
    ],
    [
      "a shared bridge chip claimed as its own",
      (json) => (json.identity.usb[0].sharedBridgeChip = false),
      "$.identity.usb[0].sharedBridgeChip: must be true",
    ],
    ["a quirk without a reason", (json) => json.quirks.push({ id: "echoes" }), "$.quirks[0].reason: is missing"],
    ["a quirk with a blank reason", (json) => json.quirks.push({ id: "echoes", reason: "  " }), "$.quirks[0].reason: "],
    [
      "one quirk twice",
      (json) => json.quirks.push({ id: "a", reason: "r" }, { id: "a", reason: "r" }),
      "$.quirks[1]: quirk a stands in entry 0 already",
    ],
    ["one prompt twice", (json) => json.voice.prompts.push(2), "$.voice.prompts[4]: prompt 2 stands in entry 1 already"],
    ["a frame shorter than the protocol allows", (json) => (json.limits.maxFrame = 253), "$.limits.maxFrame: "],
    ["a window wider than the protocol allows", (json) => (json.limits.window = 9), "$.limits.window: "],
    ["an unknown protocol", (json) => (json.protocol = "window-rating/2"), "$.protocol: "],
    ["an unknown way to open the port", (json) => (json.port.dtrOnOpen = true), "$.port.dtrOnOpen: "],
    ["another schema", (json) => (json.$schema = "http://example.test/x"), "$.$schema: "],
    ["a number for text", (json) => (json.description.zh = 5), "$.description.zh: expected string, received number, found 5"],
  ])("with %s is refused at that place", (_, damage, expected) => {
    const problems = problemsAfter(damage);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${FILE} ${expected}`);
  });

  it("with several slips is told all of them at once", () => {
    const problems = problemsAfter((json) => {
      json.keys[4].level = 4;
      json.port.bautRate = json.port.baudRate;
      delete json.port.baudRate;
      json.id = "generic/five-buttons";
    });
    expect(problems).toEqual([
      `${FILE} $.port.baudRate: is missing`,
      `${FILE} $.port.bautRate: unknown key; did you mean "baudRate"?`,
      `${FILE} $.keys[4]: level 4 stands in entry 3 already`,
      `${FILE} $.id: must be "generic/five-button", as the file is named`,
    ]);
  });

  it("with a key named __proto__ is refused like any unknown key", () => {
    expect(problemsIn(GOOD.replace('"quirks"', '"__proto__": { "admin": true }, "quirks"'))[0]).toContain("$.__proto__: unknown key");
  });

  it.each([
    ["nothing", ""],
    ["half a file", GOOD.slice(0, 200)],
    ["a list", "[]"],
    ["null", "null"],
    ["a number", "5"],
    ["a text", '"text"'],
    ["very deep nesting", "[".repeat(100_000)],
    ["very deep lists", "[".repeat(100_000) + "]".repeat(100_000)],
    ["zero bytes", "\u0000\u0000\u0000"],
  ])("holding %s is refused without a crash", (_, text) => {
    expect(problemsIn(text)).not.toEqual([]);
  });

  it.each(["five-button.json", "a/b/c.json", "generic/five-button.yaml", "README.md"])("named %s is not taken for a profile", (file) => {
    expect(problemsIn(GOOD, file)).toEqual([
      `${file} $: is not a profile: the folder holds files named <maker>/<model>.json and nothing else`,
    ]);
  });

  it("with any JSON at any place never throws and is refused or unchanged in shape", () => {
    const places = ["id", "maker", "identity", "port", "keys", "lamps", "voice", "limits", "quirks", "$schema", "new"];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const text = JSON.stringify({ ...JSON.parse(GOOD), [place]: value });
        const { profiles, problems } = readProfileText(FILE, text);
        expect(profiles.length > 0).toBe(problems.length === 0);
        for (const profile of profiles) expect(profile).toMatchObject({ protocol: "window-rating/1", keys: expect.any(Array) });
      }),
      { seed: 20_260_101 },
    );
  });
});
