import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CHAIN_START, entryHashInput } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SERVING_CHILD } from "../../../test/serving-child.ts";
import { openWindow, TestClock, temporaryFolder, WINDOW_PC } from "../../../test/window-rig.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Serves until so many verbs have returned, and is killed in the next one. @returns what it said */
const servedUntilKilled = async (first: number, verbs: number): Promise<string[]> => {
  const child = spawn(process.execPath, [SERVING_CHILD, folder.path, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === verbs) child.kill("SIGKILL");
  }
  await exited;
  return said;
};

describe("a window that is killed in the middle of serving", () => {
  test("has done whole what it said it had done, and of the rest a whole verb or nothing (I6)", async () => {
    const done: string[] = [];
    for (const [index, verbs] of [1, 2, 9, 16, 23, 41].entries()) {
      done.push(...(await servedUntilKilled(1 + index * 100, verbs)));
      const rig = openWindow(folder.path, new TestClock());
      const rows = <Row>(sql: string): Row[] => rig.database.prepare<[], Row>(sql).all();
      const numbersOf = (verb: string): number[] =>
        done.flatMap((line) => (line.startsWith(`${verb} `) ? [Number(line.split(" ")[1])] : []));

      // A shift changes in one step: never is nobody there, never two.
      expect(rig.window.state().clerks).toHaveLength(1);
      const signIns = rows<{ n: number; open: number }>("SELECT count(*) AS n, sum(signed_out_ms IS NULL) AS open FROM sign_ins");
      expect(signIns[0]?.open).toBe(1);

      // A batch has all of its cases and its request, or none of them.
      const groups = rows<{ request_id: string; cases: number; case_no: string; again: number | null }>(
        `SELECT requests.request_id, count(*) AS cases, requests.case_no, again_wall_ms AS again FROM requests JOIN cases USING (request_id)
         GROUP BY request_id`,
      );
      expect(groups.every(({ cases }) => cases === 3)).toBe(true);
      expect(rows("SELECT 1 FROM cases WHERE request_id IS NULL OR state <> 'ended'")).toEqual([]);
      const served = new Set(groups.map(({ case_no }) => Number.parseInt(case_no, 10)));
      expect(numbersOf("batch").every((number) => served.has(number))).toBe(true);
      const again = new Set(groups.flatMap((one) => (one.again === null ? [] : [Number.parseInt(one.case_no, 10)])));
      expect(numbersOf("again").every((number) => again.has(number))).toBe(true);

      // A form lies in its table, in the chain and in the outbox, or in none of them.
      const forms = rows<{ case_no: string }>(
        "SELECT case_no FROM paper_forms JOIN entries ON entries.number = entry_number JOIN outbox USING (number) WHERE kind = 'paper'",
      );
      const counts = rows<{ forms: number; entries: number }>(
        "SELECT (SELECT count(*) FROM paper_forms) AS forms, (SELECT count(*) FROM entries WHERE kind = 'paper') AS entries",
      );
      expect(counts).toEqual([{ forms: forms.length, entries: forms.length }]);
      const typed = new Set(forms.map(({ case_no }) => Number.parseInt(case_no, 10)));
      expect(numbersOf("paper").every((number) => typed.has(number))).toBe(true);

      // A wrong PIN counts, though the power fails.
      const tries = rows<{ count: number }>("SELECT count FROM bad_tries WHERE subject = 'window'")[0]?.count ?? 0;
      expect(tries).toBeGreaterThanOrEqual(Math.min(numbersOf("tried").length, 10));

      // The chain has neither gap nor break (I8).
      const chain = rows<{ number: number; entry_id: string; previous_hash: string; hash: string; body: string }>(
        "SELECT * FROM entries ORDER BY number",
      );
      let previousHash = CHAIN_START;
      for (const [at, { number, entry_id: entryId, hash, body, ...entry }] of chain.entries()) {
        expect([number, entry.previous_hash]).toEqual([at + 1, previousHash]);
        expect(hash).toBe(createHash("sha256").update(entryHashInput(WINDOW_PC, { entryId, number, previousHash, body })).digest("hex"));
        previousHash = hash;
      }
      rig.close();
    }
    // It was killed in the middle of things, not before them.
    expect(done.filter((line) => line.startsWith("paper")).length).toBeGreaterThan(8);
  });
});
