import { createHash } from "node:crypto";
import { LEVELS } from "@window-rating/protocol/rating";
import { REASON_LISTS, REASONS_2020 } from "@window-rating/protocol/reasons";
import { DOWN_PAGE, type DownAnswer, type RosterClerk, type RosterItem, type SitePolicy } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { Calendar } from "../calendar/calendar.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import { windowCodes } from "../channels/window-codes.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { readSite } from "../ratings/site.ts";

export interface DownQuery {
  /** Who asks. */
  readonly windowPcId: string;
  /** Version of the roster that the window PC has. */
  readonly since: number;
  /** Version of the reason list that it has; "" for none. */
  readonly reasons: string;
}

/** What of central's own flows down beside the database. */
export interface DownSource {
  readonly book: RuleBook;
  /** Public key that citizens' words are sealed with from now on; null where central has no keys. */
  readonly contactKey: string | null;
  /** Signs codes; undefined where central has no keys. */
  readonly channelKeys: ChannelKeys | undefined;
}

/** An answer and its tag: the same tag means that nothing has changed for who asks the same. */
export interface TaggedDown {
  readonly answer: DownAnswer;
  readonly etag: string;
}

interface Change {
  readonly version: number;
  readonly kind: "clerk" | "item";
  readonly key: string;
  readonly name: string | null;
  readonly title: string | null;
  readonly stars: number | null;
  readonly partyMember: boolean | null;
}

/**
 * What flows down to a window PC: clerks and items that changed since, the reason list, the site's policy, the codes of its windows.
 * @throws WindowRatingError WR7101, WR7102 if the region's pack cannot be read
 */
export const readDown = async (
  tx: Tx,
  { book, contactKey, channelKeys }: DownSource,
  { windowPcId, since, reasons }: DownQuery,
): Promise<TaggedDown> => {
  const site = await readSite(tx);
  const newest = await newestVersion(tx);
  // A central whose database was put back from a backup has fewer versions than the window PC has seen: it starts over.
  const from = since > newest ? 0 : since;
  const { rows } = await sql<Change>`
    select version, kind, key, content->>'name' as name, content->>'title' as title, (content->'stars')::int as stars,
      (content->'partyMember')::boolean as "partyMember" from (
      select distinct on (kind, key) version, kind, key, content from registry where kind in ('clerk', 'item') order by kind, key, version desc) newest
    where version > ${from} and (${from} > 0 or content is not null)
    order by version limit ${DOWN_PAGE + 1}`.execute(tx);
  const changes = rows.slice(0, DOWN_PAGE);
  const more = rows.length > DOWN_PAGE;
  const list = REASON_LISTS.find(({ version }) => version === site.reasonsVersion) ?? REASONS_2020;
  const pack = site.region === null ? null : book.pack(site.region).pack;
  const labels = LEVELS.map(({ level, zh }) => ({ level, label: pack?.levels.labels.find((one) => one.level === level)?.label ?? zh }));
  const answer: DownAnswer = {
    since: from,
    version: more ? (changes.at(-1)?.version ?? from) : newest,
    more,
    clerks: changes.filter(({ kind }) => kind === "clerk").map(clerkOf),
    items: changes.filter(({ kind }) => kind === "item").map(({ key, name }): RosterItem => ({ itemCode: key, itemName: name })),
    reasons: reasons === list.version ? null : list,
    site: {
      version: site.version,
      region: site.region,
      regionName: pack?.name.zh ?? null,
      packVersion: pack?.version ?? null,
      calendar: site.region === null ? null : calendarOf(book.calendar(site.region)),
      labels,
      contactKey,
      manualTrigger: site.manualTrigger,
      idleMinutes: site.idleMinutes,
      ownTotals: site.ownTotals,
      totalsDelayHours: site.totalsDelayHours,
    },
    windowCodes: channelKeys === undefined ? [] : await windowCodes(tx, channelKeys, site.publicUrl, windowPcId),
  };
  return { answer, etag: `"${createHash("sha256").update(JSON.stringify(answer)).digest("base64url").slice(0, 27)}"` };
};

const calendarOf = ({ version, years: [firstYear, ...later] }: Calendar): SitePolicy["calendar"] =>
  firstYear === undefined ? null : { version, firstYear, lastYear: later.at(-1) ?? firstYear };

const clerkOf = ({ key, name, title, stars, partyMember }: Change): RosterClerk => ({
  staffNo: key,
  name,
  ...(title === null ? {} : { title }),
  ...(stars === null ? {} : { stars }),
  ...(partyMember === null ? {} : { partyMember }),
});

/** Writers of the registry follow each other, so what is below the highest visible version is visible too. */
const newestVersion = async (tx: Tx): Promise<number> => {
  const { rows } = await sql<{ version: number }>`select coalesce(max(version), 0) as version from registry`.execute(tx);
  return rows[0]?.version ?? 0;
};
