import type { ImportReport } from "../../imports/import-file.ts";
import type { SiteInForce } from "../../ratings/site.ts";
import type { BusinessSystem } from "../../registry/systems.ts";
import { table, timeText } from "../text.ts";

export const importText = ({ kind, fileName, mode, encoding, rows, taken, known, bad, ignoredColumns, importNo }: ImportReport): string => {
  const head = `${fileName}: ${kind}, read as ${encoding}, ${rows} rows\n`;
  const ignored = ignoredColumns.length === 0 ? "" : `Columns not used: ${ignoredColumns.join(", ")}\n`;
  if (bad.length > 0) {
    const list = bad.map(({ row, column, reason, value }) => [row, column, reason, value]);
    return `${head}${ignored}${table(["row", "column", "reason", "value"], list)}${bad.length} faults; nothing of the file was taken\n`;
  }
  const done = mode === "dry-run" ? "would be taken; nothing was changed" : `taken as import ${importNo}`;
  return `${head}${ignored}${taken} new rows, ${known} known already: ${done}\n`;
};

export const newSystemText = ({
  systemNo,
  name,
  token,
}: {
  readonly systemNo: number;
  readonly name: string;
  readonly token: string;
}): string => `Business system ${systemNo} "${name}"\nIts token, shown this once: ${token}\n`;

export const systemsText = (systems: readonly BusinessSystem[]): string => {
  if (systems.length === 0) return "No business system is known; window-central system add makes a token for one.\n";
  const rows = systems.map(({ systemNo, name, scopes, createdAtMs, revokedAtMs }) => [
    systemNo,
    name,
    scopes.join(" "),
    timeText(createdAtMs),
    revokedAtMs === null ? "" : timeText(revokedAtMs),
  ]);
  return table(["no.", "name", "scopes", "added", "revoked"], rows);
};

const yesNo = (value: boolean): string => (value ? "yes" : "no");

const atWindowPcs = <T extends boolean | number>(choice: T | null, text = (one: T): string => yesNo(one === true)): string =>
  choice === null ? "as each window PC is set" : text(choice);

export const siteText = (site: SiteInForce): string =>
  [
    site.version === 0 ? "Nothing was decided yet" : `Version ${site.version}`,
    `region                ${site.region ?? "none; no region's rules are in force"}`,
    `reasons               list of ${site.reasonsVersion}`,
    `corrections           ${site.correctWithinDays === null ? "without end" : `within ${site.correctWithinDays} days`}`,
    `second rating         ${site.secondRating ?? "as the region's pack has it"}`,
    `bad needs a reason    ${yesNo(site.badNeedsReason)}`,
    `closed channels       ${site.closedChannels.join(", ") || "none"}`,
    `public address        ${site.publicUrl ?? "not set"}`,
    `clerk's own key       ${atWindowPcs(site.manualTrigger)}`,
    `idle sign-out         ${atWindowPcs(site.idleMinutes, (minutes) => (minutes === 0 ? "never" : `after ${minutes} minutes`))}`,
    `own totals            ${atWindowPcs(site.ownTotals)}`,
    `totals shown after    ${atWindowPcs(site.totalsDelayHours, (hours) => `${hours} hours`)}`,
    ...site.readings.map(
      ({ region, rule, class: one, channel, reading, by, on }) =>
        `reading chosen        ${[region, rule, one, channel].filter((word) => word !== null).join(" ")}: ${reading} (${by}, ${on})`,
    ),
    ...site.signatures.map(({ region, by, on, hash }) => `signed                ${region} (${by}, ${on}, ${hash.slice(0, 12)}…)`),
    ...site.localDays.map(
      ({ region, festival, year, paper, by }) => `local days            ${region} ${festival} ${year} (${paper}, ${by})`,
    ),
    "",
  ].join("\n");
