import { describe, expect, test } from "vitest";
import { keypadDescriptionSchema } from "./check.ts";
import type { KeypadDescription } from "./description.ts";
import { KeypadProtocol } from "./protocol.ts";
import { DESCRIPTIONS } from "./testing/descriptions.ts";

/** `path: message` of everything that is wrong with a description after a change. */
const problems = (name: keyof typeof DESCRIPTIONS, change: (description: KeypadDescription) => void): string[] => {
  const description = structuredClone(DESCRIPTIONS[name]);
  change(description);
  const parsed = keypadDescriptionSchema.safeParse(description);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

const field = (description: KeypadDescription, index: number): Record<string, unknown> => {
  if (description.framing.is !== "frame") throw new Error("has no fields");
  return description.framing.fields[index] as unknown as Record<string, unknown>;
};

describe("the check of a description", () => {
  test.each(Object.keys(DESCRIPTIONS) as (keyof typeof DESCRIPTIONS)[])("finds nothing wrong with the one that is right (%s)", (name) => {
    expect(problems(name, () => {})).toEqual([]);
  });

  test("shows the bytes on which a wrong checksum rule fails, the field, and which rule would fit", () => {
    const [first] = problems("FF68", (description) => {
      field(description, 7).kind = "xor-8";
    });
    expect(first).toBe(
      'examples.0: must read as key "0", but FF 68 03 03 68 01 11 00 [12] 16 stopped at byte 9: the checksum is wrong, 10 wanted; ' +
        "at fault is this example or framing.fields[7]; all examples would fit: sum-8 over address..data",
    );
  });

  test("shows where a frame stops when the length rule is wrong", () => {
    expect(
      problems("FF68", (description) => {
        field(description, 1).plus = 2;
      })[0],
    ).toMatch(
      /^examples\.0: must read as key "0", but FF 68 \[03\] 03 68 .* stopped at byte 3: the length cannot be right; at fault is this example or framing\.fields\[1\]/,
    );
  });

  test("shows the frame that a key does not fit, field by field", () => {
    const found = problems("FF68", (description) => {
      (description.keys[3] as { match: object }).match = { function: "12", data: "03" };
    });
    expect(found).toEqual([
      'examples.3: must read as key "3", but FF 68 03 03 68 01 11 03 15 16 (start=FF 68 length=03 length again=03 mark=68 address=01 function=11 data=03 checksum=15 end=16) is a right frame that this key does not fit; at fault is this example or keys[3].match',
    ]);
  });

  test("shows where what is sent differs from the example", () => {
    expect(
      problems("FF68", (description) => {
        description.requests.startRating = { send: [{ function: "01", data: "0D" }] };
      }),
    ).toEqual([
      "examples.8: requests.startRating sends FF 68 03 03 68 01 01 [0D] 0F 16, but the example has FF 68 03 03 68 01 01 [0B] 0D 16: they differ from byte 8 on, the field data of send[0]",
    ]);
  });

  test("says which checksum a line's example would fit", () => {
    const [first] = problems("LINES", (description) => {
      if (description.framing.is === "line") description.framing.checksum = { kind: "sum-8", separator: "*" };
    });
    expect(first).toMatch(
      /but \$KEY,5\[\*4E\]<0D><0A> stopped at byte 7: the checksum is wrong, \*4A wanted; at fault is this example or framing\.checksum; all examples would fit: xor-8 over line\.\.line/,
    );
  });

  test.each<[string, keyof typeof DESCRIPTIONS, (description: KeypadDescription) => void, string]>([
    [
      "a 默认 key with a level (I10)",
      "FF68",
      ({ keys }) => {
        keys[1] = { key: "1", label: "默认", match: { function: "11", data: "01" }, level: 3 };
      },
      'keys.1.level: a key "默认" stands for no level: nobody chose one with it; write nothing with the reason instead',
    ],
    [
      "a key that stands for another level than its words say",
      "FF68",
      ({ keys }) => {
        (keys[2] as { level: number }).level = 3;
      },
      "keys.2.level: the key says 满意, which is level 4, not 3; pads number their keys otherwise, levels never",
    ],
    [
      "one level on two keys",
      "BYTES",
      ({ keys }) => {
        (keys[2] as { level: number }).level = 2;
      },
      "keys.2.level: level 2 stands at keys[1] already",
    ],
    [
      "two keys that send the same",
      "BYTES",
      ({ keys }) => {
        (keys[1] as { match: object }).match = { data: "31" };
      },
      'keys.1.match: fits the frame of key "1" as well',
    ],
    [
      "a key without an example",
      "BYTES",
      ({ examples }) => {
        examples.splice(0, 1);
      },
      'keys.0: key "1" has no example; add one with the bytes that the pad sends for it',
    ],
    [
      "a key whose answer would light the pad (I12)",
      "FF68",
      ({ requests, examples }) => {
        requests.startRating = { send: [{ function: "01", data: "0C" }] };
        examples[8] = { bytes: "FF 68 03 03 68 01 01 0C 0E 16", request: "startRating" };
      },
      'keys.4: its answer (requests.acknowledge) is the frame of requests.startRating as well; give it "acknowledge": false',
    ],
    [
      "a guard interval shorter than a repeated press",
      "FF68",
      ({ guard }) => {
        guard.afterMs = 500;
      },
      "guard.afterMs: must be at least 1000, repeat.withinMs: a press for the case before that is sent again would land on the next",
    ],
    [
      "repeats that are taken for new presses when one is lost",
      "FF68",
      ({ repeat }) => {
        if (repeat.is !== "never") repeat.withinMs = 500;
      },
      "repeat.withinMs: must be at least 800, twice everyMs: with one frame lost the next would count as a new press",
    ],
    [
      "a pad that waits for an answer it never gets",
      "FF68",
      ({ requests, examples }) => {
        delete requests.acknowledge;
        examples.splice(9, 1);
      },
      'requests.acknowledge: is needed: repeat.is is "until-answered", and nothing else would make the pad stop',
    ],
    [
      "a keep-alive that nobody answers",
      "CRC",
      ({ requests }) => {
        delete requests.keepAlive?.expect;
        delete requests.keepAlive?.withinMs;
        delete requests.keepAlive?.tries;
      },
      'requests.keepAlive: is needed, with expect: keepAlive.from is "host"',
    ],
    [
      "an answer that is the frame of a key",
      "CRC",
      ({ requests }) => {
        (requests.cancel as { expect: object }).expect = { function: "10", data: "02" };
      },
      'requests.cancel.expect: is the frame of key "2"',
    ],
    [
      "a value that a request does not have",
      "CRC",
      ({ requests }) => {
        (requests.startRating as { send: object[] }).send = [{ function: "20", data: "{level}" }];
      },
      "requests.startRating.send.0.data: {level}: not known here; there are {seconds}",
    ],
    [
      "a field that does not exist",
      "FF68",
      (description) => {
        field(description, 1).counts = { from: "adress", to: "data" };
      },
      'framing.fields.1.counts.from: there is no field "adress"; there are start, length, length again, mark, address, function, data, checksum, end',
    ],
    [
      "a checksum over itself",
      "FF68",
      (description) => {
        field(description, 7).over = { from: "address", to: "end" };
      },
      "framing.fields.7.over: a checksum cannot be summed itself; end before it",
    ],
    [
      "a frame whose end nobody can know",
      "FF68",
      (description) => {
        if (description.framing.is === "frame") {
          description.framing.fields.splice(8, 1);
          description.framing.fields.splice(1, 2);
        }
      },
      "framing.fields.4: data of varying length needs a length field before it that counts it, or fixed bytes behind it: else nobody knows where a frame ends",
    ],
    [
      "a pattern with values that touch",
      "LINES",
      (description) => {
        if (description.framing.is === "line") description.framing.pattern = "{function}{data}";
      },
      "framing.pattern: {function} and {data} touch: put text between them, or say how long {function} is, such as {function:2}",
    ],
  ])("refuses %s", (_what, name, change, wanted) => {
    expect(problems(name, change)).toContain(wanted);
  });

  test("names what is to be done beside a rating, and cannot be said", () => {
    const found = problems("FF68", (description) => {
      description.moments = { invited: { beep: 1, voice: 2 }, atRest: { lamps: 0, stars: "clerk" } };
    });
    expect(found).toEqual(["moments.invited.voice: needs requests.voice", "moments.atRest.lamps: needs requests.lamps"]);
  });

  test("takes no stars while a citizen chooses", () => {
    const found = problems("FF68", (description) => {
      description.moments = { invited: { stars: "clerk" } } as never;
    });
    expect(found.join()).toMatch(/^moments\.invited: .*stars/);
  });

  test("is made in full: every problem is told at once", () => {
    const found = problems("FF68", (description) => {
      field(description, 1).counts = { from: "adress", to: "dat" };
      field(description, 3).bytes = "6";
      description.guard.afterMs = 0;
    });
    expect(found.map((line) => line.split(":")[0])).toEqual([
      "guard.afterMs",
      "framing.fields.1.counts.from",
      "framing.fields.1.counts.to",
      "framing.fields.3.bytes",
    ]);
  });

  test("is not needed to fail early: a description that cannot work is refused by name where it is used", () => {
    const description = structuredClone(DESCRIPTIONS.FF68);
    field(description, 3).bytes = "6";
    expect(() => KeypadProtocol.of(description)).toThrow(/WR2003 .*framing\.fields\.3\.bytes/);
  });
});
