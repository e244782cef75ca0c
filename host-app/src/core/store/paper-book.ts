import type { Binding } from "@window-rating/protocol/rating";
import type { PaperBody } from "@window-rating/protocol/sync";
import type { EntryBook } from "./entry-book.ts";
import type { Store } from "./store.ts";

/** Paper forms, one for a visit, or for the first one of a batch or theme; they lie beside the ratings of pads and are never among them. */
export const paperBook = ({ database }: Store, entries: EntryBook) => {
  const has = database.prepare<[string, number]>("SELECT 1 FROM paper_forms WHERE case_no = ? AND visit_no = ?");
  const insert = database.prepare<[string, number, number, string]>(
    "INSERT INTO paper_forms (case_no, visit_no, entry_number, typed_by) VALUES (?, ?, ?, ?)",
  );
  return {
    has: ({ caseNo, visitNo }: Pick<Binding, "caseNo" | "visitNo">): boolean => has.get(caseNo, visitNo) !== undefined,
    /** With its entry and outbox row (I6); to be called inside `Store.write`. */
    keep(body: PaperBody, wallMs: number): void {
      const { caseNo, visitNo } = body.binding;
      const number = entries.append("paper", body.formId, JSON.stringify(body), wallMs);
      insert.run(caseNo, visitNo, number, body.typedBy);
    },
  };
};
export type PaperBook = ReturnType<typeof paperBook>;
