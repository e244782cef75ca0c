import type { Config } from "../config/index.ts";
import { httpTransport } from "../sync/http-transport.ts";
import { type CaseCodes, CentralCodes, type CentralCodesOptions, noCodes, templateCodes } from "./case-code.ts";

interface OpenOptions extends Pick<CentralCodesOptions, "identity" | "centralOffsetMs" | "changed" | "logger"> {
  readonly config: Pick<Config, "central" | "screen">;
}

/** Where the codes of this PC come from, by its settings: the site's own address, central, or nowhere. */
export const openCaseCodes = ({ config: { central, screen }, ...options }: OpenOptions): CaseCodes & { close(): void } => {
  if (screen.caseQr !== null) return { ...templateCodes(screen.caseQr), close() {} };
  if (central === null || screen.caseCodeMinutes === 0) return { ...noCodes, close() {} };
  return new CentralCodes({ ...options, centralUrl: central, transport: httpTransport(), validMinutes: screen.caseCodeMinutes });
};
