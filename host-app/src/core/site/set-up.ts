import { isDeepStrictEqual } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { checked, readConfigFile, settingByKey, writeConfigFile } from "../config/config-file.ts";
import { prepareDataDir } from "../config/data-dir.ts";
import type { WindowConfig } from "../config/window-list.ts";
import { Pairings } from "../desk/pairings.ts";
import { type AdmittedSite, admitSite, keepSite } from "./installed-site.ts";
import type { SiteContent, SiteWindow } from "./site-file.ts";
import { keepLanguages, newLanguages } from "./site-languages.ts";
import { checkProfiles, keepProfiles, troubleOfProfile } from "./site-profiles.ts";
import { keepShell, shellChanges } from "./site-shell.ts";

export interface SetUpOptions {
  readonly dataDir: string;
  /** Text of the site file. */
  readonly siteText: string;
  /** Public key that the file must be signed with; by default that of the first set-up. */
  readonly key: string | undefined;
  /** Windows of this PC; none: those that it has already, each as the list of windows has it now. */
  readonly windowNos: readonly string[];
  /** List of windows that goes before the one in the site file. */
  readonly table: readonly SiteWindow[] | undefined;
  /** Address of central that goes before the one in the site file. */
  readonly central: string | undefined;
}

/** Everything that a set-up will do, decided before anything is written. */
export interface SetUpPlan {
  readonly site: AdmittedSite;
  readonly siteText: string;
  /** What config.json will say. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Keys of the settings that change. */
  readonly changedSettings: readonly string[];
  readonly clerks: SiteWindow["clerks"];
  readonly newBusinessSystems: SiteContent["businessSystems"];
  /** Tags of the language packs that this PC has not, or has otherwise. */
  readonly newLanguages: readonly string[];
  readonly shellChanges: boolean;
}

export interface NewPairing {
  readonly name: string;
  /** Shown this once. */
  readonly token: string;
}

/**
 * Checks a site file and decides what it changes on this PC. Writes nothing.
 * @throws WR2001, WR2002, WR8001, WR8006, WR8009..WR8013
 */
export const planSetUp = ({ dataDir, siteText, key, windowNos, table, central }: SetUpOptions): SetUpPlan => {
  const site = admitSite(dataDir, siteText, key);
  const { content, before } = site;
  checkProfiles(content.padProfiles);
  const present = readConfigFile(dataDir);
  const values = new Map(present);
  // What the site said before and says no more goes back to its default, unless somebody changed it here.
  for (const [name, value] of Object.entries(before?.settings ?? {})) {
    if (!Object.hasOwn(content.settings, name) && isDeepStrictEqual(values.get(name), value)) values.delete(name);
  }
  for (const [name, value] of Object.entries(content.settings)) values.set(name, value);
  if (central !== undefined) values.set("central", checked(settingByKey("central", "--central"), central, "--central"));
  const listed = table ?? content.windows;
  const rows = windowNos.length > 0 ? windowNos.map((windowNo) => rowOf(windowNo, listed)) : ownRows(present, listed);
  setWindows(values, rows, present);
  const troubleOf = troubleOfProfile(content.padProfiles);
  for (const { windowNo, profile } of rows) {
    const trouble = profile === null ? null : troubleOf(profile);
    if (trouble !== null) throw new WindowRatingError("WR2002", `window ${windowNo}: ${profile}: ${trouble}`);
  }
  const paired = new Pairings(dataDir).list().map(({ name }) => name);
  return {
    site,
    siteText,
    values,
    changedSettings: [...new Set([...present.keys(), ...values.keys()])].filter(
      (name) => !isDeepStrictEqual(present.get(name), values.get(name)),
    ),
    clerks: rows.flatMap(({ clerks }) => clerks),
    newBusinessSystems: content.businessSystems.filter(({ name }) => !paired.includes(name)),
    newLanguages: newLanguages(dataDir, content.languages ?? []),
    shellChanges: shellChanges(dataDir, content.shell),
  };
};

/** @throws WR8013 if there is a list and the window is not in it: a mistyped number must not become a window */
const rowOf = (windowNo: string, rows: readonly SiteWindow[]): SiteWindow => {
  const row = rows.find((one) => one.windowNo === windowNo);
  if (row !== undefined) return row;
  if (rows.length > 0)
    throw new WindowRatingError("WR8013", `window ${windowNo.slice(0, 40)} is not among its ${rows.length} windows`, undefined, {
      windowNo,
    });
  return { windowNo, clerks: [], port: null, profile: null, serialNumber: null };
};

/**
 * The windows that this PC has, as the list has them now: a newer file brings new clerks and another pad's serial number to them.
 * @throws WR8013 if the PC has none and the list offers some: it would record its ratings for window 1, whichever it stands at
 */
const ownRows = (present: ReadonlyMap<string, unknown>, listed: readonly SiteWindow[]): SiteWindow[] => {
  const windowNo = present.get("windowNo");
  const several = (present.get("windows") ?? []) as readonly WindowConfig[];
  const own = several.length > 0 ? several : typeof windowNo === "string" ? [{ windowNo, pad: null }] : [];
  if (own.length === 0 && listed.length > 0) {
    const shown = listed.slice(0, 10).map((one) => one.windowNo);
    const windows = `${shown.join(", ")}${listed.length > shown.length ? ", …" : ""}`;
    throw new WindowRatingError("WR8013", `this PC has no window yet: say which with --window <no>; the list has ${windows}`, undefined, {
      field: "windowNo",
    });
  }
  if (!own.some((one) => listed.some((row) => row.windowNo === one.windowNo))) return [];
  return own.map(({ windowNo, pad }) => {
    const row = listed.find((one) => one.windowNo === windowNo);
    return {
      windowNo,
      clerks: row?.clerks ?? [],
      port: row?.port ?? pad?.port ?? null,
      profile: row?.profile ?? pad?.profile ?? null,
      serialNumber: row?.serialNumber ?? pad?.serialNumber ?? null,
    };
  });
};

/** What a row does not say stays as the PC has it. */
const setWindows = (values: Map<string, unknown>, rows: readonly SiteWindow[], present: ReadonlyMap<string, unknown>): void => {
  const [first, ...others] = rows;
  if (first === undefined) return;
  const set = (key: string, value: unknown): unknown => values.set(key, checked(settingByKey(key, "set-up"), value, "the set-up"));
  if (others.length === 0) {
    values.delete("windows");
    set("windowNo", first.windowNo);
    for (const [key, value] of [
      ["pad.port", first.port],
      ["pad.profile", first.profile],
      ["pad.serialNumber", first.serialNumber],
    ] as const) {
      if (value !== null) set(key, value);
    }
    return;
  }
  const known = (present.get("windows") ?? []) as readonly WindowConfig[];
  const windows = rows.map(({ windowNo, port, profile, serialNumber }) => {
    const pad = known.find((one) => one.windowNo === windowNo)?.pad;
    return {
      windowNo,
      pad: {
        port: port ?? pad?.port ?? "auto",
        profile: profile ?? pad?.profile ?? values.get("pad.profile") ?? "auto",
        serialNumber: serialNumber ?? pad?.serialNumber ?? null,
      },
    };
  });
  // They describe the window of a PC that serves one.
  for (const key of ["windowNo", "pad.port", "pad.serialNumber"]) values.delete(key);
  set("windows", windows);
};

/**
 * Does what was planned; a repetition changes nothing. The site file itself is kept last, so that a set-up that was cut off is
 * done again by the next one. Clerks are not this function's: they live in the database.
 * @throws WR8005, WR8006
 */
export const carryOutSetUp = (dataDir: string, plan: SetUpPlan, wallMs: number): NewPairing[] => {
  prepareDataDir(dataDir);
  keepProfiles(dataDir, plan.site.content.padProfiles);
  keepLanguages(dataDir, plan.site.content.languages ?? []);
  keepShell(dataDir, plan.site.content.shell);
  if (plan.changedSettings.length > 0) writeConfigFile(dataDir, plan.values);
  const pairings = new Pairings(dataDir);
  const made = plan.newBusinessSystems.map(({ name, origins }) => ({ name, token: pairings.add(name, origins, wallMs).token }));
  keepSite(dataDir, plan.siteText);
  return made;
};
