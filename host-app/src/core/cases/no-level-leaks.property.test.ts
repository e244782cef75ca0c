import { deskEventSchema, deskStateSchema, endCaseAnswerSchema, ownTotalsSchema, type PaperForm } from "@window-rating/protocol/desk";
import type { Level } from "@window-rating/protocol/rating";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

/** What happens at a window. Levels stand apart: they are what must not be seen. */
type Step =
  | { readonly is: "serve"; readonly caseNo: number; readonly staffNo: number }
  | { readonly is: "press" | "timed-out" | "shown" | "cancel" | "invite-again" | "paper"; readonly caseNo: number }
  | { readonly is: "unbound" | "restart" | "pause" | "look" }
  | { readonly is: "wait"; readonly ms: number };

const caseNo = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant("serve" as const), caseNo, staffNo: fc.constantFrom(1001, 1002) }) },
  { weight: 6, arbitrary: fc.record({ is: fc.constant("press" as const), caseNo }) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom("timed-out" as const, "shown" as const, "cancel" as const, "invite-again" as const, "paper" as const),
      caseNo,
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constantFrom("unbound" as const, "restart" as const, "pause" as const, "look" as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 200_000 }) }) },
);
const level = fc.constantFrom<Level>(1, 2, 3, 4, 5);

const folders: ReturnType<typeof temporaryFolder>[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** Everything that the desk is told: answers, refusals, events in their order, and the state after each step. */
const told = async (steps: readonly Step[], levels: readonly Level[]): Promise<unknown[]> => {
  const folder = temporaryFolder();
  folders.push(folder);
  const clock = new TestClock();
  let rig = openWindow(folder.path, clock);
  const seen: unknown[] = [];
  const requests = new Map<number, string>();
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      seen.push(await work());
    } catch (error) {
      seen.push((error as Error).message);
    }
  };
  let events = 0;
  for (const [index, one] of steps.entries()) {
    const given = levels[index] as Level;
    const requestId = "caseNo" in one ? requests.get(one.caseNo) : undefined;
    switch (one.is) {
      case "serve":
        await attempt(() => {
          const made = rig.serve(`A-${one.caseNo}`, String(one.staffNo));
          requests.set(one.caseNo, made);
          return made;
        });
        break;
      case "press":
        if (requestId !== undefined) rig.press(requestId, given);
        break;
      case "timed-out":
        if (requestId !== undefined) rig.timedOut(requestId);
        break;
      case "shown":
        if (requestId !== undefined) rig.shows(requestId);
        break;
      case "cancel":
        await attempt(() => rig.window.cancelCase(`A-${one.caseNo}`, { visitNo: 1 }, rig.caller));
        break;
      case "invite-again":
        await attempt(() => rig.window.inviteAgain(`A-${one.caseNo}`, { visitNo: 1, trigger: "manual" }, rig.caller));
        break;
      case "paper": {
        const blank = { visitNo: 1, reasonList: null, reasons: [], words: "", name: "", phone: "" };
        const form: PaperForm = { ...blank, caseNo: `A-${one.caseNo}`, level: given, typedBy: rig.window.state().clerk?.staffNo ?? "1001" };
        await attempt(() => rig.window.enterPaper(form, rig.caller));
        break;
      }
      case "unbound":
        rig.press("01890000-0000-7000-8000-00000000abcd", given);
        break;
      case "restart":
        rig.close();
        clock.advance(1);
        rig = openWindow(folder.path, clock);
        rig.window.start();
        rig.ready();
        events = 0;
        break;
      case "pause":
        rig.window.pause({ text: "午休" }, rig.caller);
        break;
      case "wait":
        clock.advance(one.ms);
        rig.window.start();
        break;
      case "look":
        break;
    }
    seen.push(rig.window.state(), ...rig.events.slice(events));
    events = rig.events.length;
  }
  rig.close();
  return seen;
};

/** Names of all fields that a schema lets through. */
const fieldsOf = (schema: z.ZodType): string[] => {
  const fields: string[] = [];
  const walk = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key === "properties") fields.push(...Object.keys(value as object));
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { io: "output" }));
  return fields;
};

describe("what the desk is told of ratings", () => {
  test("is the same to the letter whatever level was given: states, events, refusals, and what is kept when", async () => {
    let rated = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 24, size: "max" }),
        fc.array(level, { minLength: 24, maxLength: 24 }),
        fc.array(level, { minLength: 24, maxLength: 24 }),
        async (steps, one, other) => {
          const seen = await told(steps, one);
          expect(await told(steps, other)).toEqual(seen);
          if (JSON.stringify(seen).includes('"rated"')) rated++;
        },
      ),
      { seed: 4_208, numRuns: 60 },
    );
    // The property says something only if ratings came.
    expect(rated).toBeGreaterThan(20);
  });

  test("has no field for a level, a reason, a word, or a number made from levels", () => {
    const schemas = { deskStateSchema, deskEventSchema, endCaseAnswerSchema };
    for (const [name, schema] of Object.entries(schemas)) {
      const fields = fieldsOf(schema);
      expect(fields.length, name).toBeGreaterThan(2);
      for (const field of fields)
        expect(field).not.toMatch(/level|star|reason|answer|score|mean|average|good|bad|share|rate$|press|sealed|words|satisf/i);
    }
    // The one exception, which own-totals.ts makes safe.
    expect(fieldsOf(ownTotalsSchema).toSorted()).toEqual(["fromDay", "good", "pending", "pools", "ratings", "toDay"]);
  });
});
