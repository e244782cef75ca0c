import { entryBodySchema } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

type Step =
  | { readonly is: "sign-in"; readonly staffNo: string; readonly beside: boolean }
  | { readonly is: "sign-out"; readonly staffNo: string | undefined }
  | { readonly is: "start" | "cancel"; readonly caseNo: string }
  /** Undefined: the case of the newest request. */
  | { readonly is: "invite-again"; readonly caseNo: string | undefined }
  | { readonly is: "end"; readonly caseNo: string; readonly staffNo: string | undefined }
  | { readonly is: "batch"; readonly cases: readonly string[]; readonly staffNo: string | undefined }
  /** Of the newest request, of the one before it, and so on. */
  | { readonly is: "press" | "timed-out"; readonly ago: number }
  | { readonly is: "killed" };

const staffNo = fc.constantFrom("1001", "1002", "1003");
const said = fc.option(staffNo, { nil: undefined, freq: 1 });
const caseNo = fc.integer({ min: 1, max: 14 }).map((number) => `A-${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant("sign-in" as const), staffNo, beside: fc.constantFrom(false, false, true) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("sign-out" as const), staffNo: said }) },
  { weight: 5, arbitrary: fc.record({ is: fc.constantFrom("start" as const, "cancel" as const), caseNo }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant("invite-again" as const), caseNo: fc.option(caseNo, { nil: undefined, freq: 1 }) }) },
  { weight: 6, arbitrary: fc.record({ is: fc.constant("end" as const), caseNo, staffNo: said }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant("batch" as const),
      cases: fc.oneof(
        { weight: 4, arbitrary: fc.uniqueArray(caseNo, { minLength: 2, maxLength: 4 }) },
        { weight: 1, arbitrary: fc.array(caseNo, { maxLength: 2 }) },
      ),
      staffNo: said,
    }),
  },
  { weight: 5, arbitrary: fc.record({ is: fc.constantFrom("press" as const, "timed-out" as const), ago: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.constant({ is: "killed" as const }) },
);

/** What seldom comes about by chance: nobody rates, and the citizen is asked once more. */
const askedTwice: fc.Arbitrary<Step[]> = fc.constant([
  { is: "timed-out", ago: 0 },
  { is: "invite-again", caseNo: undefined },
]);
const steps = fc
  .array(fc.oneof({ weight: 9, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: askedTwice }), {
    minLength: 10,
    maxLength: 60,
    size: "max",
  })
  .map((parts) => parts.flat());

interface Asked {
  readonly cases: readonly string[];
  readonly staffNo: string;
  state: string;
  isAgain: boolean;
}

/** The rules of a window in a few lines: what each step answers, and what is so afterwards. */
class Model {
  onDuty: string[] = [];
  readonly cases = new Map<string, { state: string; servedBy: string | undefined; request: Asked | undefined }>();
  readonly requests: Asked[] = [];

  get open(): string | undefined {
    return [...this.cases].find(([, { state }]) => state === "open")?.[0];
  }

  get newestCase(): string {
    return this.requests.at(-1)?.cases[0] ?? "nothing";
  }

  get alive(): Asked | undefined {
    return this.requests.find(({ state }) => state === "waiting");
  }

  /** @returns the code of a refusal, or who served */
  #served(open: string | undefined, named: string | undefined): { code: string } | { staffNo: string } {
    const since = open === undefined ? undefined : this.cases.get(open)?.servedBy;
    const possible = [...new Set([...this.onDuty, ...(since === undefined ? [] : [since])])];
    if (named !== undefined && possible.length > 0) return possible.includes(named) ? { staffNo: named } : { code: "WR5018" };
    if (this.onDuty.length === 0) return { code: "WR5004" };
    return possible.length === 1 ? { staffNo: possible[0] as string } : { code: "WR5018" };
  }

  #ask(cases: readonly string[], clerk: string): void {
    if (this.alive !== undefined) this.alive.state = "superseded";
    const request: Asked = { cases, staffNo: clerk, state: "waiting", isAgain: false };
    this.requests.push(request);
    for (const one of cases) this.cases.set(one, { state: "ended", servedBy: clerk, request });
  }

  take(one: Step): string {
    switch (one.is) {
      case "sign-in": {
        const others = this.onDuty.filter((staff) => staff !== one.staffNo);
        if (one.beside && others.length === 2) return "WR5024";
        if (!one.beside) this.onDuty = [one.staffNo];
        else if (!this.onDuty.includes(one.staffNo)) this.onDuty.push(one.staffNo);
        return "done";
      }
      case "sign-out":
        this.onDuty = one.staffNo === undefined ? [] : this.onDuty.filter((staff) => staff !== one.staffNo);
        return "done";
      case "start": {
        if (this.onDuty.length === 0) return "WR5004";
        const known = this.cases.get(one.caseNo);
        if (known !== undefined) return known.state === "open" ? "done" : "WR5006";
        if (this.open !== undefined) return "WR5007";
        const servedBy = this.onDuty.length === 1 ? this.onDuty[0] : undefined;
        this.cases.set(one.caseNo, { state: "open", servedBy, request: undefined });
        return "done";
      }
      case "end": {
        const known = this.cases.get(one.caseNo);
        if (known === undefined) return this.onDuty.length === 0 ? "WR5004" : "WR5005";
        if (known.state !== "open") return known.state === "cancelled" ? "WR5005" : "WR5006";
        const served = this.#served(one.caseNo, one.staffNo);
        if ("code" in served) return served.code;
        this.#ask([one.caseNo], served.staffNo);
        return "done";
      }
      case "batch": {
        if (new Set(one.cases).size < 2 || new Set(one.cases).size < one.cases.length) return "WR5025";
        if (one.cases.some((no) => (this.cases.get(no)?.state ?? "open") !== "open")) return "WR5006";
        if (this.open !== undefined && !one.cases.includes(this.open)) return "WR5007";
        const served = this.#served(this.open, one.staffNo);
        if ("code" in served) return served.code;
        this.#ask(one.cases, served.staffNo);
        return "done";
      }
      case "cancel": {
        const known = this.cases.get(one.caseNo);
        if (known === undefined) return "WR5009";
        if (known.state === "open") known.state = "cancelled";
        if (known.state === "cancelled" || known.request?.state === "cancelled") return "done";
        if (known.request?.state !== "waiting") return "WR5009";
        known.request.state = "cancelled";
        return "done";
      }
      case "invite-again": {
        const request = this.cases.get(one.caseNo ?? this.newestCase)?.request;
        if (request === undefined) return "WR5005";
        if (request.isAgain || request.state !== "timed-out" || request !== this.requests.at(-1) || this.open !== undefined)
          return "WR5026";
        request.state = "waiting";
        request.isAgain = true;
        return "done";
      }
      case "press": {
        const request = this.requests.at(-1 - one.ago);
        if (request !== undefined) request.state = "rated";
        return "done";
      }
      case "timed-out": {
        const request = this.requests.at(-1 - one.ago);
        // The first time-out, told late, does not end the second invitation.
        if (request?.state === "waiting" && !request.isAgain) request.state = "timed-out";
        return "done";
      }
      case "killed":
        return "done";
    }
  }
}

const folders: ReturnType<typeof temporaryFolder>[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** The window itself does the same; what it answers and what is so afterwards is compared step by step. */
const run = (taken: readonly Step[]): Model => {
  const folder = temporaryFolder();
  folders.push(folder);
  const clock = new TestClock();
  let rig = openWindow(folder.path, clock);
  const model = new Model();
  const ids: string[] = [];
  const idOf = (ago: number): string | undefined => ids.at(-1 - ago);
  const how = { visitNo: 1, completed: true, trigger: "business-system" } as const;
  const visit = (no: string) => ({ caseNo: no, visitNo: 1, itemCode: "1", itemName: "样例" });
  const act = (one: Step): void => {
    const named = "staffNo" in one && one.staffNo !== undefined ? { staffNo: one.staffNo } : {};
    switch (one.is) {
      case "sign-in":
        return rig.window.signIn({ staffNo: one.staffNo, name: `样例 ${one.staffNo}`, beside: one.beside }, rig.caller);
      case "sign-out":
        return rig.window.signOut(named, rig.caller);
      case "start":
        return rig.window.startCase(visit(one.caseNo), rig.caller);
      case "end":
        return void ids.push(rig.window.endCase(one.caseNo, { ...how, ...named }, rig.caller).requestId);
      case "batch":
        return void ids.push(
          rig.window.endBatch({ cases: one.cases.map(visit), completed: true, trigger: "push", ...named }, rig.caller).requestId,
        );
      case "cancel":
        return rig.window.cancelCase(one.caseNo, { visitNo: 1 }, rig.caller);
      case "invite-again":
        return void rig.window.inviteAgain(one.caseNo ?? model.newestCase, { visitNo: 1, trigger: "manual" }, rig.caller);
      case "press":
        return idOf(one.ago) === undefined ? undefined : rig.press(idOf(one.ago) as string, 4);
      case "timed-out":
        return idOf(one.ago) === undefined ? undefined : rig.timedOut(idOf(one.ago) as string);
      case "killed":
        rig.close();
        rig = openWindow(folder.path, clock);
        // A pad's events are numbered on, whatever becomes of the PC.
        rig.continueEvents(1000 * ++kills);
        return rig.window.start();
    }
  };
  let kills = 0;
  for (const one of taken) {
    clock.advance(10);
    let answer = "done";
    try {
      act(one);
    } catch (error) {
      answer = (error as { code?: string }).code ?? String(error);
    }
    expect([one, answer]).toEqual([one, model.take(one)]);
    const state = rig.window.state();
    const newest = model.requests.at(-1);
    expect(state.clerks.map(({ staffNo: no }) => no)).toEqual(model.onDuty);
    expect(state.openCase?.caseNo).toBe(model.open);
    expect(state.request?.state).toBe(newest?.state);
    if (newest !== undefined)
      expect(state.request).toMatchObject({ staffNo: newest.staffNo, cases: newest.cases.length, isAgain: newest.isAgain });
  }
  const bodies = rig.bodies().map((body) => entryBodySchema.parse(body));
  for (const [index, request] of model.requests.entries()) {
    const own = bodies.filter((body) => body.kind !== "unbound" && body.binding.requestId === ids[index]);
    expect(own.filter(({ kind }) => kind === "rating")).toHaveLength(request.state === "rated" ? 1 : 0);
    for (const body of own)
      if (body.kind !== "unbound") expect([body.binding.staffNo, body.binding.caseNo]).toEqual([request.staffNo, request.cases[0]]);
  }
  rig.close();
  return model;
};

describe("a window", () => {
  test("answers and is as the model of its rules, whatever its clerks, its pad and the power do (I3, I4, I5)", () => {
    let again = 0;
    let batches = 0;
    fc.assert(
      fc.property(steps, (taken) => {
        const { requests } = run(taken);
        again += requests.filter(({ isAgain }) => isAgain).length;
        batches += requests.filter(({ cases }) => cases.length > 1).length;
      }),
      { seed: 4_207, numRuns: 60 },
    );
    // What is rare in the steps was there.
    expect([again > 5, batches > 10]).toEqual([true, true]);
  });
});
