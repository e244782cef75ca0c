import { WindowRatingError } from "@window-rating/protocol/error";
import { systemClock } from "../clock.ts";
import { replaceFile } from "../config/durable-file.ts";
import { fileTrouble } from "../config/file-trouble.ts";
import { DATA_VARIABLE } from "../config/settings.ts";
import { exportSite } from "../site/export-site.ts";
import { admitSite } from "../site/installed-site.ts";
import { carryOutSetUp, planSetUp } from "../site/set-up.ts";
import { readSiteFile, type SiteContent, siteFileText } from "../site/site-file.ts";
import { makeSiteKey, readSiteKey } from "../site/site-key.ts";
import { checkProfiles, troubleOfProfile } from "../site/site-profiles.ts";
import { readWindowTable } from "../site/window-table.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { badRowText, readGoodTable, readNamedFile } from "./setup/read-table.ts";

const HELP = `Usage: window-host site key --out <file>
       window-host site export --out <file> [--name <hall>] [--version <n>] [--csv <file>] [--shell <file>] --data <dir>
       window-host site sign --site <file> --key-file <file>
       window-host site check [--site <file>] [--csv <file>] [--data <dir>]
       window-host site import --site <file> [--key <hex>] --data <dir>

One file with everything that the windows of a hall share; window-host setup sets a PC up from it. docs/it-guide.md tells more.

  key      make the key that signs; keep the file where IT staff alone can read it. Prints its public key
  export   what this PC has that all windows should have: settings, pad profiles, business systems, language packs;
           --csv adds the list of windows, --shell what the app's windows look like (edge, keys, updates)
  sign     sign the file, in place
  check    signature, settings, profiles, and every row of the list of windows; with --data also whether this PC would take it
  import   take a file on this PC, its windows stay; the same as window-host setup without --window

  --site <file>      the site file
  --csv <file>       list of windows (window-host setup --help shows its columns)
  --shell <file>     shell.json of the app on this PC (docs/packages.md)
  --key-file <file>  the private key
  --key <hex>        public key that must have signed the file
  --data <dir>       the data folder; or set WINDOW_RATING_DATA
  --json             print JSON

Exit codes: 0 done, 1 failed or something is wrong with the file, 2 bad usage.

Examples:
  window-host site key --out site-key.pem
  window-host site export --out site.json --name 样例大厅 --csv windows.csv --data /var/lib/window-rating/window
  window-host site sign --site site.json --key-file site-key.pem
  window-host site check --site site.json --csv windows.csv`;

const FLAGS = {
  ...COMMON_FLAGS,
  out: { type: "string" },
  name: { type: "string" },
  version: { type: "string" },
  site: { type: "string" },
  csv: { type: "string" },
  shell: { type: "string" },
  "key-file": { type: "string" },
  key: { type: "string" },
} as const;
type Flags = ReturnType<typeof readFlags<typeof FLAGS>>;

const needed = (value: string | undefined, flag: string): string => {
  if (value === undefined) throw new WindowRatingError("WR8002", `${flag} is missing; window-host site --help shows examples`);
  return value;
};

export const siteCommand: Command = ([verb = "", ...args], { env, print }) => {
  const flags = readFlags(verb.startsWith("-") ? [verb, ...args] : args, FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const tell = (data: object, text: string): 0 => {
    print(flags.json ? JSON.stringify(data) : text);
    return 0;
  };
  switch (verb) {
    case "key": {
      const publicKey = makeSiteKey(needed(flags.out, "--out"));
      return tell({ publicKey }, `${publicKey}\nThis is the public key; the file signs, keep it where IT staff alone can read it.`);
    }
    case "export": {
      const out = needed(flags.out, "--out");
      const content = exported(flags, dataDirOf(flags.data, env));
      writeNamed(out, siteFileText(content, null));
      return tell(summary(content, null), `${summaryText(content, null)}\nSign it: window-host site sign --site ${out} --key-file <file>`);
    }
    case "sign": {
      const path = needed(flags.site, "--site");
      const key = readSiteKey(needed(flags["key-file"], "--key-file"));
      const { content } = readSiteFile(readNamedFile(path).toString("utf8"));
      checkProfiles(content.padProfiles);
      const text = siteFileText(content, key);
      writeNamed(path, text);
      const { signedBy } = readSiteFile(text);
      return tell(summary(content, signedBy), summaryText(content, signedBy));
    }
    case "check":
      return check(flags, flags.data ?? env[DATA_VARIABLE], print);
    case "import": {
      const dataDir = dataDirOf(flags.data, env);
      const siteText = readNamedFile(needed(flags.site, "--site")).toString("utf8");
      const plan = planSetUp({ dataDir, siteText, key: flags.key, windowNos: [], table: undefined, central: undefined });
      const newPairings = carryOutSetUp(dataDir, plan, systemClock().wallMs());
      const { content, signedBy } = plan.site;
      return tell(
        { ...summary(content, signedBy), changedSettings: plan.changedSettings, newPairings },
        [
          summaryText(content, signedBy),
          `Settings changed: ${plan.changedSettings.join(", ") || "none"}; a window-host that runs takes them at its next start`,
          ...newPairings.map(({ name, token }) => `Paired ${name}, token (shown this once): ${token}`),
        ].join("\n"),
      );
    }
    default:
      throw new WindowRatingError("WR8002", `window-host site has key, export, sign, check, import; not "${verb.slice(0, 40)}"`);
  }
};

const exported = (flags: Flags, dataDir: string): SiteContent => {
  if (flags.version !== undefined && !/^[1-9]\d{0,8}$/.test(flags.version))
    throw new WindowRatingError("WR8002", "--version takes a whole number from 1 on");
  const base = { dataDir, site: flags.name, version: flags.version === undefined ? undefined : Number(flags.version), shell: flags.shell };
  const draft = exportSite({ ...base, windows: undefined, wallMs: systemClock().wallMs() });
  if (draft.site === "") throw new WindowRatingError("WR8002", "--name is missing: the name of the hall");
  if (flags.csv === undefined) return draft;
  return { ...draft, windows: [...readGoodTable(flags.csv, troubleOfProfile(draft.padProfiles)).windows] };
};

const check = (flags: Flags, dataDir: string | undefined, print: (text: string) => void): number => {
  if (flags.site === undefined && flags.csv === undefined)
    throw new WindowRatingError("WR8002", "say what to check: --site, --csv or both");
  const siteText = flags.site === undefined ? null : readNamedFile(flags.site).toString("utf8");
  const site = siteText === null ? null : readSiteFile(siteText);
  if (site !== null) checkProfiles(site.content.padProfiles);
  if (siteText !== null && dataDir !== undefined) admitSite(dataDir, siteText, flags.key);
  const table =
    flags.csv === undefined ? null : readWindowTable(readNamedFile(flags.csv), troubleOfProfile(site?.content.padProfiles ?? []));
  const bad = table?.bad ?? [];
  const data = {
    ...(site === null ? {} : { site: summary(site.content, site.signedBy) }),
    ...(table === null ? {} : { csv: { windows: table.windows.length, bad, ignored: table.ignored } }),
  };
  const lines = [
    ...(site === null ? [] : [summaryText(site.content, site.signedBy)]),
    ...(table === null ? [] : [`${flags.csv}: ${table.windows.length} good windows, ${bad.length} faults`, ...bad.map(badRowText)]),
    ...(table === null || table.ignored.length === 0 ? [] : [`Columns that mean nothing here: ${table.ignored.join(", ")}`]),
  ];
  print(flags.json ? JSON.stringify(data) : lines.join("\n"));
  return bad.length > 0 ? 1 : 0;
};

const writeNamed = (path: string, text: string): void => {
  try {
    replaceFile(path, text);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path} cannot be written: ${fileTrouble(cause)}`, cause);
  }
};

const summary = (
  { site, version, settings, padProfiles, businessSystems, windows, languages, shell }: SiteContent,
  signedBy: string | null,
) => ({
  site,
  version,
  signedBy,
  settings: Object.keys(settings).length,
  padProfiles: padProfiles.map(({ file }) => file),
  businessSystems: businessSystems.map(({ name }) => name),
  windows: windows.length,
  languages: (languages ?? []).map(({ tag }) => tag),
  shell: shell !== undefined,
});

const summaryText = (content: SiteContent, signedBy: string | null): string => {
  const { site, version, settings, padProfiles, businessSystems, windows, languages } = summary(content, signedBy);
  return [
    `${site}, version ${version}: ${settings} settings, ${windows} windows, ${padProfiles.length} profile files, ${businessSystems.length} business systems, ${languages.length} languages`,
    signedBy === null ? "Not signed: no PC takes it" : `Signed by ${signedBy}`,
  ].join("\n");
};
