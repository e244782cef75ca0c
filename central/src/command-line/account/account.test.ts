import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PASSWORD, TestBrowser } from "../../../test/access-world.ts";
import { newDataFolder } from "../../../test/storages.ts";
import type { Account, KeyView } from "../../access/session-schema.ts";
import { type Central, startCentral } from "../../central.ts";
import { runAccountCommand } from "./run.ts";

let data = "";
/** Runs on the folder: the commands ask it. */
let central: Central | undefined;
beforeAll(async () => {
  data = await newDataFolder();
  central = await startCentral({ data, port: 0 });
});
afterAll(async () => {
  await central?.close();
  rmSync(data, { recursive: true, force: true });
});

interface Typed {
  readonly typed?: string;
  readonly isTTY?: boolean;
}
const typed = ({ typed: text = "", isTTY = false }: Typed) => Object.assign(Readable.from([text]), { isTTY });

/** Runs `window-central …` on the data folder, with what is typed into it. */
const run = async (given: readonly string[], typing: Typed = {}) => {
  const said = { out: "", err: "" };
  const code = await runAccountCommand([...given, "--data", data], {
    databaseUrl: undefined,
    input: typed(typing),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
};
const account = (...given: string[]) => run(["account", ...given]);
const parsed = <T>({ out }: { readonly out: string }): T => JSON.parse(out) as T;

test("the first account gets a start password, printed once and nowhere kept in clear, and can sign in with it", async () => {
  expect((await account("list")).out).toContain("There is no account yet");
  const added = await account("add", "--name", "Li.Hua", "--display", "李华样例", "--role", "it");
  expect(added).toMatchObject({ code: 0, err: "" });
  expect(added.out).toMatch(/^li\.hua {2}李华样例 {2}it, all {2}\(start password; never signed in\)\n/);
  const startPassword = /: ([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})\n$/.exec(added.out)?.[1] ?? "";
  const browser = new TestBrowser(central?.url ?? "");
  expect(await (await browser.signIn("li.hua", startPassword)).json()).toMatchObject({ mustChangePassword: true });
  expect((await browser.post("password", { old: startPassword, new: PASSWORD })).status).toBe(200);
  expect((await account("list")).out).not.toContain("start password");
});

test("a password may be read from standard input or asked for twice, without being shown", async () => {
  const add = (name: string, flag: string, typing: Typed) => run(["account", "add", "--name", name, "--role", "it", flag], typing);
  expect(await add("piped", "--password-stdin", { typed: `${PASSWORD}\r\n` })).toMatchObject({
    code: 0,
    out: expect.not.stringContaining(PASSWORD),
  });
  const asked = await add("typist", "--prompt", { typed: `${PASSWORD}\n${PASSWORD}\n`, isTTY: true });
  expect([asked.code, asked.err]).toEqual([0, "Password: \nOnce more: \n"]);
  expect(await add("slip", "--prompt", { typed: `${PASSWORD}\nanother one\n`, isTTY: true })).toMatchObject({ code: 2 });
  expect(await add("pipe", "--prompt", { typed: PASSWORD })).toMatchObject({ code: 2 });
  expect(await add("empty", "--password-stdin", {})).toMatchObject({ code: 2 });
  expect(await add("weak", "--password-stdin", { typed: "password1234\n" })).toMatchObject({
    code: 1,
    err: expect.stringContaining("WR7055"),
  });
  expect((await account("add", "--name", "sso", "--role", "auditor", "--no-password")).out).toMatch(/^sso .*auditor, all .*\n$/);
  expect(parsed<Account[]>(await account("list", "--json")).map(({ name }) => name)).toEqual(["li.hua", "piped", "sso", "typist"]);
});

test("accounts are changed by name, and the last of IT stays", async () => {
  expect((await account("add", "--name", "hall-2", "--role", "hall", "--hall", "H-2")).code).toBe(0);
  expect(await account("add", "--name", "hall-2", "--role", "auditor")).toMatchObject({ code: 1, err: expect.stringContaining("WR7058") });
  const moved = await account(
    "access",
    "--name",
    "hall-2",
    "--role",
    "agency",
    "--agency",
    "A-1",
    "--display",
    "局",
    "--by",
    "李华样例",
    "--json",
  );
  expect(parsed<Account>(moved)).toMatchObject({ role: "agency", scope: { is: "agency", agencyCode: "A-1" }, displayName: "局" });
  expect(parsed<Account>(await account("access", "--name", "hall-2", "--display", "某局", "--json"))).toMatchObject({
    role: "agency",
    displayName: "某局",
  });
  expect((await account("disable", "--name", "hall-2")).out).toContain("disabled 20");
  expect((await account("enable", "--name", "hall-2")).out).not.toContain("disabled");
  expect((await account("reset", "--name", "hall-2")).out).toContain("Start password");
  expect((await account("unlock", "--name", "hall-2")).code).toBe(0);
  expect((await account("end-sessions", "--name", "hall-2")).code).toBe(0);
  expect(await account("unlock", "--name", "nobody")).toMatchObject({ code: 1, err: expect.stringContaining("WR7057") });
  for (const name of ["piped", "typist"]) expect((await account("disable", "--name", name)).code).toBe(0);
  expect(await account("disable", "--name", "li.hua")).toMatchObject({ code: 1, err: expect.stringContaining("WR7058") });
  expect(await account("access", "--name", "li.hua", "--role", "it", "--hall", "H-2")).toMatchObject({ code: 1 });
});

test("what is not understood is exit code 2, with the reason", async () => {
  expect((await account("--help")).out).toContain("Examples:");
  for (const wrong of [
    ["account"],
    ["account", "sell"],
    ["account", "add", "--name", "x1y", "--role", "king"],
    ["account", "add", "--name", "1x", "--role", "it"],
    ["account", "add", "--name", "x1y", "--role", "hall"],
    ["account", "add", "--name", "x1y", "--role", "it", "--hall", "1", "--agency", "2"],
    ["account", "add", "--name", "x1y", "--role", "it", "--prompt", "--no-password"],
    ["account", "access", "--name", "x1y"],
    ["account", "access", "--name", "x1y", "--hall", "H"],
    ["account", "list", "more"],
    ["account", "list", "--role", "it"],
    ["keys"],
    ["keys", "retire"],
    ["keys", "retire", "first"],
    ["keys", "rotate", "--name", "x"],
    ["keys", "--nonsense"],
  ])
    expect([wrong, (await run(wrong)).code]).toEqual([wrong, 2]);
});

test("keys are listed, made, put to use and retired in the key file of the folder, under a running central and without one", async () => {
  const keysIn = () => (JSON.parse(readFileSync(join(data, "contact-keys.json"), "utf8")) as { keys: string[] }).keys;
  expect((await run(["keys", "list"])).out).toMatch(/^key 1 {2}[0-9a-f]{16} {2}seals since .*; nothing sealed with it\n$/);
  const [, newer] = parsed<KeyView[]>(await run(["keys", "rotate", "--json"]));
  expect(newer).toMatchObject({ keyNo: 2, seals: true });
  expect(keysIn()).toHaveLength(2);
  expect(await run(["keys", "reseal"])).toMatchObject({ code: 0, out: "0 sealed anew\n" });
  expect(await run(["keys", "retire", "1"])).toMatchObject({ code: 1, err: expect.stringContaining("WR7065") });
  await central?.close();
  central = undefined;
  expect((await account("list")).out).toContain("hall-2  某局");
  expect((await run(["keys", "retire", "1", "--even-so"])).out).toMatch(/^key 1 .* retired .*\nkey 2 .*seals since/);
  expect(keysIn()).toHaveLength(1);
});
