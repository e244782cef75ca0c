import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";
import { type Overlay, overlaySchema, type YearFile, yearFileSchema } from "./schema.ts";

/** The calendar that comes with central. */
export const CALENDAR_FOLDER = join(import.meta.dirname, "..", "..", "calendar");

/** Every year and every overlay of a calendar folder, checked. */
export interface CalendarData {
  readonly years: readonly YearFile[];
  readonly overlays: readonly Overlay[];
}

/** @throws WindowRatingError WR7105 naming the file */
export const loadCalendarData = (folder: string = CALENDAR_FOLDER): CalendarData => {
  const years = readAll(join(folder, "state-council"), yearFileSchema, ({ year }) => `${year}.json`);
  const overlays = readAll(join(folder, "overlays"), overlaySchema, ({ region }) => `${region}.json`);
  return { years, overlays };
};

const readAll = <S extends z.ZodType>(folder: string, schema: S, nameOf: (content: z.output<S>) => string): z.output<S>[] =>
  namesIn(folder).map((name) => {
    const path = join(folder, name);
    const parsed = schema.safeParse(contentOf(path));
    const issue = parsed.error?.issues[0];
    if (!parsed.success) throw invalid(path, `${issue?.path.join(".") || "file"}: ${issue?.message ?? "not valid"}`);
    if (nameOf(parsed.data) !== name) throw invalid(path, `holds what belongs into ${nameOf(parsed.data)}`);
    return parsed.data;
  });

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    throw invalid(folder, "cannot be read", error);
  }
};

const contentOf = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error), error);
  }
};

const invalid = (path: string, what: string, cause?: unknown): WindowRatingError =>
  new WindowRatingError("WR7105", `${path}: ${what}`, cause);
