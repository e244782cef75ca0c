import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../rig/child.ts";
import { CLERKS, HALL, ITEMS } from "./seed.ts";

const NAME = "demo";
/** As the console's own pages ask: central takes such requests from nowhere else. */
const HEADERS = { "content-type": "application/json", "x-window-rating": "console" };

/** The way into central's console for whoever looks at the demo: an account of its own, whose password lies with the demo's data. */
export interface ConsoleDoor {
  /** Signs in. @returns the cookie's line as central set it; it is valid for every port of this machine's address */
  signIn(): Promise<string>;
}

const ask = async (url: string, body: object, headers: Readonly<Record<string, string>> = HEADERS): Promise<Response> => {
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
};

const cookieOf = (response: Response): string => {
  const [line] = response.headers.getSetCookie();
  if (line === undefined) throw new Error("central gave no session");
  return line;
};

/**
 * When it is first asked for, tells central of the demo's hall and makes the account; later starts with the same folder find both.
 * @param folder where the password is kept
 */
export const consoleDoor = (folder: string, centralData: string, centralUrl: string): ConsoleDoor => {
  const kept = join(folder, "console-password");
  const session = `${centralUrl}/console/v1/session`;
  const makeAccount = async (): Promise<string> => {
    const system = await runCommand("window-central", ["system", "add", "--name", NAME, "--scope", "registry", "--data", centralData]);
    await tellRegistry(centralUrl, String(system.token));
    const account = ["account", "add", "--name", NAME, "--display", "演示账号", "--role", "supervisor", "--data", centralData];
    const { startPassword } = await runCommand("window-central", account);
    const password = randomBytes(18).toString("base64url");
    const cookie = cookieOf(await ask(session, { name: NAME, password: startPassword })).split(";")[0] ?? "";
    await ask(`${centralUrl}/console/v1/password`, { old: startPassword, new: password }, { ...HEADERS, cookie });
    writeFileSync(kept, password, { mode: 0o600 });
    return password;
  };
  let password: Promise<string> | undefined;
  return {
    signIn: async () => {
      password ??= existsSync(kept) ? Promise.resolve(readFileSync(kept, "utf8")) : makeAccount();
      // Central was away: the next one who asks tries again.
      password.catch(() => {
        password = undefined;
      });
      return cookieOf(await ask(session, { name: NAME, password: await password }));
    },
  };
};

const tellRegistry = async (centralUrl: string, token: string): Promise<void> => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const tell = (kind: string, entries: readonly object[]): Promise<Response> =>
    ask(`${centralUrl}/api/v1/registry`, { kind, entries }, headers);
  const { agency, hall, window } = HALL;
  await tell("agency", [agency]);
  await tell("hall", [{ ...hall, agencyCode: agency.agencyCode }]);
  await tell("window", [{ ...window, hallNo: hall.hallNo, agencyCode: agency.agencyCode }]);
  await tell("clerk", CLERKS);
  await tell(
    "item",
    ITEMS.map(({ itemCode, itemName }) => ({ itemCode, name: itemName })),
  );
};
