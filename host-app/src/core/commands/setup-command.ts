import { existsSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { systemClock } from "../clock.ts";
import { readConfigFile } from "../config/config-file.ts";
import { loadConfig } from "../config/load-config.ts";
import { doubtText, type SettingDoubt, settingDoubts } from "../config/setting-doubts.ts";
import { windowsOf } from "../config/window-list.ts";
import { enrol } from "../identity/enrol.ts";
import { identityPath, openIdentity } from "../identity/identity.ts";
import { type PulledSite, pullSite } from "../site/pull-site.ts";
import { carryOutSetUp, type NewPairing, planSetUp, type SetUpPlan } from "../site/set-up.ts";
import { isCodeOfOne, readSiteFile, type SiteContent } from "../site/site-file.ts";
import { troubleOfProfile } from "../site/site-profiles.ts";
import { httpTransport } from "../sync/http-transport.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { askRunningHost } from "./running-host.ts";
import { nameClerks } from "./setup/name-clerks.ts";
import { readGoodTable, readNamedFile } from "./setup/read-table.ts";

const HELP = `Usage: window-host setup --site <file> [--window <no> …] [--csv <file>] [--enrol <code>] --data <dir> [--dry-run] [--json]
       window-host setup --central <url> --enrol <code> [--window <no> …] [--key <hex>] --data <dir> [--json]

Sets up this PC from the site file of its hall, without questions; docs/it-guide.md tells more. Doing it again changes nothing.
A PC takes signed files alone, remembers the key of its first one, and takes no older file after a newer one.

  --site <file>    the site file; window-host site makes and signs it. Without it the PC fetches the one that central has
                   (window-central site-file put), and enrols first; its signature is checked all the same
  --window <no>    window of this PC; more than once for a PC that serves several. Without it the PC keeps those that it has, and takes
                   what the file's list says of them now; a new one that fetches its site file takes the window that the code was made for
  --csv <file>     list of windows that goes before the one in the site file: columns window, clerks, profile, port, serialNumber
                   (窗口, 工作人员, 型号, 端口, 序列号); UTF-8 or GBK. Clerks as: 1001 张三样例; 1002 李四样例
  --key <hex>      public key that must have signed the file; without it the one known from before, or that of the first file
  --central <url>  address of central, if not that of the site file
  --enrol <code>   one-time code of central; a PC that is enrolled there already does not need it again
  --dry-run        check everything, say what would change, and change nothing
  --data <dir>     the data folder; or set WINDOW_RATING_DATA
  --json           print JSON

Exit codes: 0 done, 1 failed, 2 bad usage or settings.

Examples:
  window-host setup --site site.json --window 12 --data /var/lib/window-rating/window
  window-host setup --site site.json --window 12 --csv windows.csv --enrol K7QM-2XWD-9TPA --data /var/lib/window-rating/window --json
  window-host setup --central https://central.example:7300 --enrol K7QM-2XWD-9TPA --data /var/lib/window-rating/window
  window-host setup --site site.json --data /var/lib/window-rating/window --dry-run`;

/** What the command did, as --json prints it. */
interface Done {
  readonly site: string;
  readonly version: number;
  readonly key: string;
  readonly windows: readonly string[];
  readonly dryRun: boolean;
  readonly changedSettings: readonly string[];
  readonly clerks: readonly string[];
  /** Language packs that are new here, by their tags. */
  readonly languages: readonly string[];
  readonly newPairings: readonly (NewPairing | { readonly name: string })[];
  readonly enrolment: "none" | "new" | "before";
  /** Settings that do not do what was meant, each with what to do. */
  readonly doubts: readonly string[];
  readonly restartNeeded: boolean;
}

export const setupCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    site: { type: "string" },
    window: { type: "string", multiple: true },
    csv: { type: "string" },
    key: { type: "string" },
    central: { type: "string" },
    enrol: { type: "string" },
    "dry-run": { type: "boolean", default: false },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const dataDir = dataDirOf(flags.data, env);
  if (flags.key !== undefined && !/^[0-9a-f]{64}$/.test(flags.key))
    throw new WindowRatingError("WR8002", "--key takes the 64 hexadecimal digits that window-host site key prints");
  const isDry = flags["dry-run"];
  const wallMs = systemClock().wallMs();
  if (isDry && flags.site === undefined && flags.enrol !== undefined)
    throw new WindowRatingError("WR8002", "--dry-run enrols nobody: a code is good once; give --site, or enrol first");
  if (flags.site === undefined && flags.enrol === undefined && !existsSync(identityPath(dataDir)))
    throw new WindowRatingError("WR8002", "say where the site file is: --site <file>, or --central <url> with --enrol <code>");
  const pulled = flags.site === undefined ? await pull(flags, dataDir, wallMs) : null;
  const siteText = pulled?.siteText ?? readNamedFile(flags.site ?? "").toString("utf8");
  const table =
    flags.csv === undefined ? undefined : readGoodTable(flags.csv, troubleOfProfile(readSiteFile(siteText).content.padProfiles));
  const isNew = !["windowNo", "windows"].some((key) => readConfigFile(dataDir).has(key));
  const windowNos = flags.window ?? (pulled !== null && isNew ? [pulled.windowNo] : []);
  const central = flags.central ?? pulled?.centralUrl;
  const plan = planSetUp({ dataDir, siteText, key: flags.key, windowNos, table: table?.windows, central });
  const newPairings = isDry ? plan.newBusinessSystems.map(({ name }) => ({ name })) : carryOutSetUp(dataDir, plan, wallMs);
  if (!isDry) await nameClerks(dataDir, plan.clerks);
  const config = loadConfig({ dataDir, env: {}, flags: {} });
  const windows = windowsOf(config).map(({ windowNo }) => windowNo);
  const [firstWindow = ""] = windows;
  const done: Done = {
    site: plan.site.content.site,
    version: plan.site.content.version,
    key: plan.site.signedBy,
    windows: isDry && windowNos.length > 0 ? windowNos : windows,
    dryRun: isDry,
    changedSettings: plan.changedSettings,
    clerks: plan.clerks.map(({ staffNo }) => staffNo),
    languages: plan.newLanguages,
    newPairings,
    enrolment:
      pulled !== null
        ? pulled.enrolment
        : isDry || flags.enrol === undefined
          ? "none"
          : await enrolOnce(dataDir, flags.enrol, firstWindow, plan, wallMs),
    doubts: [
      ...(isNew && windowNos.length === 0 ? [NO_WINDOW] : []),
      ...siteDoubts(plan.site.content),
      ...(isDry ? [] : settingDoubts(config)),
    ].map(doubtText),
    restartNeeded: !isDry && plan.changedSettings.length > 0 && (await askRunningHost(dataDir)).is !== "not-running",
  };
  print(flags.json ? JSON.stringify(done) : doneText(done));
  return 0;
};

const NO_WINDOW: SettingDoubt = {
  what: "No window of this PC is named: its ratings are recorded for window 1",
  todo: "Name it: window-host config --set windowNo=12",
};

/** What the site file says that does not do what was meant. */
const siteDoubts = ({ settings, windows }: SiteContent): SettingDoubt[] =>
  windows.length > 1 && Object.entries(settings).some(([key, value]) => isCodeOfOne(key, value))
    ? [
        {
          what: "The site file gives every window of the hall one and the same screen.windowQr: ratings by it go to one of them",
          todo: "Write {windowNo} where its address has the number of the window, or leave it out and have central make the codes (window-central qr --window <no>)",
        },
      ]
    : [];

interface PullFlags {
  readonly central?: string;
  readonly enrol?: string;
  readonly window?: readonly string[];
}

const pull = async ({ central, enrol: code, window = [] }: PullFlags, dataDir: string, wallMs: number): Promise<PulledSite> => {
  const transport = httpTransport();
  try {
    return await pullSite({ dataDir, centralUrl: central, code, windowNo: window[0], transport, wallMs });
  } finally {
    transport.close();
  }
};

/** A code is good once; whoever repeats the set-up of a PC that has its token already needs none. @throws WR6xxx, WR7003, WR8001 */
const enrolOnce = async (dataDir: string, code: string, windowNo: string, plan: SetUpPlan, wallMs: number): Promise<"new" | "before"> => {
  const centralUrl = plan.values.get("central");
  if (typeof centralUrl !== "string") throw new WindowRatingError("WR8001", "--enrol needs the address of central: --central <url>");
  // Beside a chain of entries no new identity is made: central would refuse all that the lost one signed.
  const identity = openIdentity(dataDir, existsSync(join(dataDir, "window.db")));
  if (identity.enrolment()?.centralUrl === centralUrl) return "before";
  const transport = httpTransport();
  try {
    await enrol(identity, { centralUrl, code, windowNo, transport, wallMs });
    return "new";
  } finally {
    transport.close();
  }
};

const doneText = (done: Done): string =>
  [
    `${done.dryRun ? "Would set up" : "Set up"} window ${done.windows.join(", ")} of ${done.site} from version ${done.version} of its site file.`,
    `Signed by ${done.key}`,
    `Settings changed: ${done.changedSettings.join(", ") || "none"}`,
    `Clerks: ${done.clerks.join(", ") || "none named"}`,
    ...done.newPairings.map((one) => `Paired ${one.name}${"token" in one ? `, token (shown this once): ${one.token}` : ""}`),
    ...(done.enrolment === "none" ? [] : [done.enrolment === "new" ? "Enrolled at central" : "Enrolled at central before"]),
    ...done.doubts.map((doubt) => `Note: ${doubt}`),
    ...(done.restartNeeded ? ["Start window-host again: it runs with the settings of before."] : []),
  ].join("\n");
