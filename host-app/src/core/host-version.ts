import { readFileSync } from "node:fs";

/** Version of window-host, as its package says. */
export const hostVersion = (): string => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
};
