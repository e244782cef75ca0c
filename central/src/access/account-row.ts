import type { Selectable } from "kysely";
import type { AccountTable } from "../database/access-tables.ts";
import type { Scope, Viewer } from "./viewer.ts";

export type AccountRow = Selectable<AccountTable>;

export const scopeOf = ({ scope, scope_no }: Pick<AccountRow, "scope" | "scope_no">): Scope => {
  if (scope === "all") return { is: "all" };
  return scope === "agency" ? { is: "agency", agencyCode: scope_no ?? "" } : { is: "hall", hallNo: scope_no ?? "" };
};

export const viewerOf = (row: Pick<AccountRow, "account_no" | "name" | "display_name" | "role" | "scope" | "scope_no">): Viewer => ({
  accountNo: row.account_no,
  name: row.name,
  displayName: row.display_name,
  role: row.role,
  scope: scopeOf(row),
});
