import { addAccount, type FirstPassword, makePassword } from "../src/access/accounts.ts";
import { CONSOLE_HEADER } from "../src/access/session-schema.ts";
import { startSession } from "../src/access/sessions.ts";
import type { Role, Scope } from "../src/access/viewer.ts";
import { inTransaction } from "../src/database/transaction.ts";
import type { BusinessWorld } from "./business-world.ts";

/** A password that no rule refuses. */
export const PASSWORD = "Regen Tisch 42 Wolke";

const HEADERS = { [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };

/** A browser that keeps the cookies it is given, and knows no others. */
export class TestBrowser {
  readonly url: string;
  cookie = "";

  constructor(url: string) {
    this.url = url;
  }

  async ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = HEADERS): Promise<Response> {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${this.url}/console/v1/${path}`, {
      method,
      headers: { ...json, ...headers, ...(this.cookie === "" ? {} : { cookie: this.cookie }) },
      redirect: "manual",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  get(path: string): Promise<Response> {
    return this.ask("GET", path);
  }

  post(path: string, body?: unknown): Promise<Response> {
    return this.ask("POST", path, body);
  }

  /** Sends a file as it is. */
  postFile(path: string, bytes: Buffer): Promise<Response> {
    const headers = { ...HEADERS, "content-type": "application/octet-stream", cookie: this.cookie };
    return fetch(`${this.url}/console/v1/${path}`, { method: "POST", headers, body: new Blob([bytes]) });
  }

  delete(path: string): Promise<Response> {
    return this.ask("DELETE", path);
  }

  signIn(name: string, password: string): Promise<Response> {
    return this.post("session", { name, password });
  }

  #keep(line: string): void {
    const [pair = ""] = line.split(";");
    const [name = ""] = pair.split("=");
    const others = this.cookie.split("; ").filter((one) => one !== "" && !one.startsWith(`${name}=`));
    this.cookie = (pair.endsWith("=") ? others : [...others, pair]).join("; ");
  }
}

interface NewAccountOptions {
  readonly name: string;
  readonly role?: Role;
  readonly scope?: Scope;
  readonly first?: FirstPassword;
}

/** @returns number of the account, and its start password if it has one */
export const newAccount = async (
  { db, nowMs }: Pick<BusinessWorld, "db" | "nowMs">,
  { name, role = "it", scope = { is: "all" }, first = { is: "none" } }: NewAccountOptions,
) => {
  const account = { name, displayName: `${name} 样例`, role, scope };
  const made = await makePassword(first, account, nowMs);
  const accountNo = await inTransaction(db, (tx) => addAccount(tx, account, made, { by: "test" }, nowMs));
  return { accountNo, startPassword: made.startPassword ?? "" };
};

/** A browser that is signed in with a new account of this role, without the time that a password takes. */
export const signedIn = async (world: Pick<BusinessWorld, "db" | "nowMs" | "url">, options: NewAccountOptions) => {
  const { accountNo } = await newAccount(world, options);
  const browser = new TestBrowser(world.url);
  browser.cookie = `window-rating=${await newSession(world, accountNo, options.name)}`;
  return { accountNo, browser };
};

export const newSession = ({ db, nowMs }: Pick<BusinessWorld, "db" | "nowMs">, accountNo: number, name: string): Promise<string> =>
  inTransaction(db, (tx) => startSession(tx, { account_no: accountNo, name }, "password", { address: "127.0.0.1", device: "test" }, nowMs));
