import { readConfigFile } from "../config/config-file.ts";
import { Pairings } from "../desk/pairings.ts";
import { installedSite } from "./installed-site.ts";
import { isCodeOfOne, isShared, type SiteContent, type SiteWindow } from "./site-file.ts";
import { carriedLanguages } from "./site-languages.ts";
import { carriedProfile } from "./site-profiles.ts";
import { carriedShell } from "./site-shell.ts";

export interface ExportOptions {
  /** The data folder of the model PC: one that is set up as every window of the hall should be. */
  readonly dataDir: string;
  /** Name of the hall; by default that of the site file the PC was set up from. */
  readonly site: string | undefined;
  /** By default one more than that of the site file the PC was set up from. */
  readonly version: number | undefined;
  /** By default those of the site file the PC was set up from. */
  readonly windows: readonly SiteWindow[] | undefined;
  /** A shell.json of the app; by default that of the site file the PC was set up from. */
  readonly shell?: string | undefined;
  readonly wallMs: number;
}

/**
 * What a model PC has that every window of its hall should have. Of settings only what its config.json says; no secret is in it:
 * neither keys nor tokens nor PINs.
 * @throws WR2xxx, WR8001, WR8002, WR8006, WR8012
 */
export const exportSite = ({ dataDir, site, version, windows, shell, wallMs }: ExportOptions): SiteContent => {
  const before = installedSite(dataDir)?.content;
  const settings = Object.fromEntries(
    [...readConfigFile(dataDir)].filter(([key, value]) => isShared(key, value) && !isCodeOfOne(key, value)),
  );
  const padProfiles = new Map((before?.padProfiles ?? []).map((one) => [one.file, one]));
  const profile = settings["pad.profile"];
  if (typeof profile === "string") {
    const { name, file } = carriedProfile(profile, dataDir);
    settings["pad.profile"] = name;
    if (file !== null) padProfiles.set(file.file, file);
  }
  const languages = carriedLanguages(dataDir);
  const ofShell = shell === undefined ? before?.shell : carriedShell(shell);
  return {
    schema: 1,
    site: site ?? before?.site ?? "",
    version: version ?? (before?.version ?? 0) + 1,
    madeAt: new Date(wallMs).toISOString(),
    settings,
    padProfiles: [...padProfiles.values()],
    businessSystems: new Pairings(dataDir).list().map(({ name, origins }) => ({ name, origins })),
    windows: [...(windows ?? before?.windows ?? [])],
    ...(languages.length === 0 ? {} : { languages }),
    ...(ofShell === undefined ? {} : { shell: ofShell }),
  };
};
