import { createHash } from "node:crypto";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { CONSOLE_SITE_REQUESTS } from "../../messages/console-site.ts";
import type { AnswerOf, ParsedBodyOf } from "../../messages/requests.ts";
import { readConfigFile, settingByKey } from "../config/config-file.ts";
import { replaceFile } from "../config/durable-file.ts";
import { shownValue } from "../config/setting.ts";
import { publicKeyHex } from "../identity/ed25519.ts";
import { exportSite } from "../site/export-site.ts";
import { installedSite } from "../site/installed-site.ts";
import { type PulledSite, pullSite } from "../site/pull-site.ts";
import { carryOutSetUp, planSetUp, type SetUpPlan } from "../site/set-up.ts";
import { type SiteWindow, siteFileText } from "../site/site-file.ts";
import { siteKeyOf } from "../site/site-key.ts";
import { troubleOfProfile } from "../site/site-profiles.ts";
import { readWindowTable, type WindowTable } from "../site/window-table.ts";
import { httpTransport } from "../sync/http-transport.ts";
import type { ConsoleParts } from "./console-parts.ts";
import type { OfferedFiles } from "./offered-files.ts";
import { declaredRefusal } from "./refusal-of-central.ts";
import { untilScreenGivesUp } from "./screen-patience.ts";

type Parts = Pick<ConsoleParts, "dataDir" | "clock" | "clerks">;
type Which = Pick<ParsedBodyOf<"site.plan">, "from" | "windowNos">;

/** Stands for everything that a plan does: two plans with one hash do the same. */
const hashOf = ({ windowNos }: Which, { siteText, changedSettings, values }: SetUpPlan): string => {
  const settings = changedSettings.map((key) => [key, values.get(key) ?? null]);
  return createHash("sha256")
    .update(JSON.stringify([siteText, windowNos, settings]))
    .digest("hex");
};

/** Site files and lists of windows as one console handles them: looked at first, then done. */
export class SiteImport {
  readonly #parts: Parts;
  readonly #offered: OfferedFiles;
  /** What central gave when it was asked last: what somebody reads is what is done. */
  #pulled: PulledSite | undefined;
  /** Of the plan that somebody has read last. */
  #read: string | undefined;

  constructor(parts: Parts, offered: OfferedFiles) {
    this.#parts = parts;
    this.#offered = offered;
  }

  /** @throws WR2xxx, WR6xxx, WR7xxx, WR8xxx */
  async plan({ central, ...which }: ParsedBodyOf<"site.plan">): Promise<AnswerOf<"site.plan">> {
    if (which.from === "central") this.#pulled = await this.#pull(central);
    this.#read = undefined;
    const plan = this.#planOf(which);
    this.#read = hashOf(which, plan);
    const { content, before, signedBy } = plan.site;
    return {
      hash: this.#read,
      site: content.site,
      version: content.version,
      madeAt: content.madeAt,
      signedBy,
      before: before && { site: before.site, version: before.version },
      settings: this.#changesOf(plan),
      clerks: plan.clerks.map(({ staffNo, name }) => ({ staffNo, name })),
      businessSystems: plan.newBusinessSystems.map(({ name }) => name),
      profiles: content.padProfiles.map(({ file }) => file),
      languages: [...plan.newLanguages],
      shell: plan.shellChanges,
      windows: content.windows.length,
    };
  }

  /** @throws WR2xxx, WR8xxx; WR8015 if it would not do what was read: another file, other windows, or other settings here since */
  apply({ hash, ...which }: Which & { readonly hash: string }): AnswerOf<"site.apply"> {
    const { dataDir, clock, clerks } = this.#parts;
    const plan = this.#planOf(which);
    if (hash !== this.#read || hash !== hashOf(which, plan))
      throw new WindowRatingError(
        "WR8015",
        "the file, the windows or the settings here are not those that were shown; look at the changes again",
      );
    this.#read = undefined;
    const newPairings = carryOutSetUp(dataDir, plan, clock.wallMs());
    for (const clerk of plan.clerks) clerks.add(clerk);
    return { newPairings, restartNeeded: plan.changedSettings.length > 0 };
  }

  /** @throws WR8006, WR8013, WR8015 */
  table(): AnswerOf<"site.table"> {
    const { windows, bad, ignored } = this.#tableOf();
    return {
      windows: windows.map(({ windowNo, clerks, port, profile }) => ({ windowNo, clerks: clerks.length, port, profile })),
      bad: [...bad],
      ignored: [...ignored],
    };
  }

  /** @throws WR2xxx, WR8xxx */
  export({ site, withTable, key }: ParsedBodyOf<"site.export">): AnswerOf<"site.export"> {
    const { dataDir, clock } = this.#parts;
    let windows: readonly SiteWindow[] | undefined;
    if (withTable) {
      const table = this.#tableOf();
      if (table.bad.length > 0) throw new WindowRatingError("WR8013", `${table.bad.length} faults; correct the rows first`);
      windows = table.windows;
    }
    const signing = key === null ? null : siteKeyOf(key, "the chosen file");
    const content = exportSite({ dataDir, site, version: undefined, windows, wallMs: clock.wallMs() });
    const text = siteFileText(content, signing);
    // Also here: the app lets no page download anything.
    const path = join(dataDir, signing === null ? "site-to-sign.json" : "site-signed.json");
    try {
      replaceFile(path, text);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${path} cannot be written: ${(cause as Error).message}`, cause);
    }
    return { text, path, version: content.version, signedBy: signing && publicKeyHex(signing) };
  }

  #tableOf(): WindowTable {
    const carried = installedSite(this.#parts.dataDir)?.content.padProfiles ?? [];
    return readWindowTable(this.#offered.of("csv"), troubleOfProfile(carried));
  }

  #planOf({ from, windowNos }: Which): SetUpPlan {
    const { dataDir } = this.#parts;
    const asked = { dataDir, key: undefined, table: undefined };
    if (from === "file") return planSetUp({ ...asked, siteText: this.#offered.of("site").toString("utf8"), windowNos, central: undefined });
    if (this.#pulled === undefined) throw new WindowRatingError("WR8015", "central was not asked yet");
    const { siteText, centralUrl, windowNo } = this.#pulled;
    const present = readConfigFile(dataDir);
    // A PC that nobody has set up takes the window that its code was made for, as `window-host setup --enrol` does.
    const isNew = windowNos.length === 0 && !["windowNo", "windows"].some((key) => present.has(key));
    return planSetUp({ ...asked, siteText, windowNos: isNew ? [windowNo] : windowNos, central: centralUrl });
  }

  #changesOf({ changedSettings, values }: SetUpPlan): AnswerOf<"site.plan">["settings"] {
    const present = readConfigFile(this.#parts.dataDir);
    const shown = (from: ReadonlyMap<string, unknown>, key: string): string | null => (from.has(key) ? shownValue(from.get(key)) : null);
    return changedSettings.map((key) => ({
      key,
      help: settingByKey(key, "the plan").help,
      before: shown(present, key),
      after: shown(values, key),
    }));
  }

  async #pull(central: ParsedBodyOf<"site.plan">["central"]): Promise<PulledSite> {
    const { dataDir, clock } = this.#parts;
    const transport = httpTransport();
    try {
      const asked = { dataDir, centralUrl: central?.url, code: central?.code, windowNo: undefined, transport, wallMs: clock.wallMs() };
      return await pullSite({ ...asked, signal: untilScreenGivesUp() });
    } catch (error) {
      throw declaredRefusal(error, CONSOLE_SITE_REQUESTS["site.plan"].errors);
    } finally {
      transport.close();
    }
  }
}
