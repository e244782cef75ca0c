import type { z } from "zod";
import type { Permission } from "../../access/viewer.ts";

/** `json`: one answer; `events`: server-sent events, `answer` is what a `changed` event holds; `lines`: a JSON text on each line. */
type AnswerForm = "json" | "events" | "lines";

/**
 * Which rows an account gets. `by-organisation`: those of its scope; `whole`: the permission is for accounts of the whole of central
 * alone; `same-for-all`: public documents, nothing of anybody.
 */
type RowAccess = "by-organisation" | "whole" | "same-for-all";

/** One row of the table. */
export interface RouteShape {
  readonly method: "GET" | "POST";
  /** Under the prefix; `:name` stands for a parameter. */
  readonly path: `/${string}`;
  readonly permission: Permission;
  readonly rows: RowAccess;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** `file`: the body is a file, as it is. */
  readonly body?: "file";
  /** The largest file that is taken. */
  readonly bodyBytes?: number;
  /** What the body is, as JSON. */
  readonly json?: z.ZodType;
  readonly form: AnswerForm;
  readonly answer: z.ZodType;
}

export const route = <const R extends RouteShape>(shape: R): R => shape;
