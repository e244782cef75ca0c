import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { AnswerOf, ParsedBodyOf } from "../../messages/requests.ts";
import { readConfigFile, settingByKey } from "../config/config-file.ts";
import { replaceFile } from "../config/durable-file.ts";
import { shownValue } from "../config/setting.ts";
import { exportSite } from "../site/export-site.ts";
import { installedSite } from "../site/installed-site.ts";
import { pullSite } from "../site/pull-site.ts";
import { carryOutSetUp, planSetUp, type SetUpPlan } from "../site/set-up.ts";
import { type SiteWindow, siteFileText } from "../site/site-file.ts";
import { troubleOfProfile } from "../site/site-profiles.ts";
import { readWindowTable, type WindowTable } from "../site/window-table.ts";
import { httpTransport } from "../sync/http-transport.ts";
import type { ConsoleParts } from "./console-parts.ts";
import type { OfferedFiles } from "./offered-files.ts";

type Parts = Pick<ConsoleParts, "dataDir" | "clock" | "clerks">;
type Which = Pick<ParsedBodyOf<"site.plan">, "from" | "windowNos">;

/** Site files and lists of windows as one console handles them: looked at first, then done. */
export class SiteImport {
  readonly #parts: Parts;
  readonly #offered: OfferedFiles;
  /** What central gave when it was asked last: what somebody reads is what is done. */
  #pulled: string | undefined;

  constructor(parts: Parts, offered: OfferedFiles) {
    this.#parts = parts;
    this.#offered = offered;
  }

  /** @throws WR2xxx, WR6xxx, WR7xxx, WR8xxx */
  async plan(which: Which): Promise<AnswerOf<"site.plan">> {
    if (which.from === "central") this.#pulled = await this.#pull();
    const plan = this.#planOf(which);
    const { content, before, signedBy } = plan.site;
    return {
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

  /** @throws WR2xxx, WR8xxx; WR8015 if it is not the file that the plan was made from */
  apply({ version, ...which }: Which & { readonly version: number }): AnswerOf<"site.apply"> {
    const { dataDir, clock, clerks } = this.#parts;
    const plan = this.#planOf(which);
    if (plan.site.content.version !== version) throw new WindowRatingError("WR8015", "another file was chosen meanwhile");
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
  export({ site, withTable }: ParsedBodyOf<"site.export">): AnswerOf<"site.export"> {
    const { dataDir, clock } = this.#parts;
    let windows: readonly SiteWindow[] | undefined;
    if (withTable) {
      const table = this.#tableOf();
      if (table.bad.length > 0) throw new WindowRatingError("WR8013", `${table.bad.length} faults; correct the rows first`);
      windows = table.windows;
    }
    const content = exportSite({ dataDir, site, version: undefined, windows, wallMs: clock.wallMs() });
    const text = siteFileText(content, null);
    // Also here: the app lets no page download anything.
    const path = join(dataDir, "site-to-sign.json");
    try {
      replaceFile(path, text);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${path} cannot be written: ${(cause as Error).message}`, cause);
    }
    return { text, path, version: content.version };
  }

  #tableOf(): WindowTable {
    const carried = installedSite(this.#parts.dataDir)?.content.padProfiles ?? [];
    return readWindowTable(this.#offered.of("csv"), troubleOfProfile(carried));
  }

  #planOf({ from, windowNos }: Which): SetUpPlan {
    const siteText = from === "central" ? this.#pulled : this.#offered.of("site").toString("utf8");
    if (siteText === undefined) throw new WindowRatingError("WR8015", "central was not asked yet");
    return planSetUp({ dataDir: this.#parts.dataDir, siteText, key: undefined, windowNos, table: undefined, central: undefined });
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

  async #pull(): Promise<string> {
    const { dataDir, clock } = this.#parts;
    const transport = httpTransport();
    try {
      const asked = { dataDir, centralUrl: undefined, code: undefined, windowNo: undefined, transport, wallMs: clock.wallMs() };
      return (await pullSite(asked)).siteText;
    } finally {
      transport.close();
    }
  }
}
