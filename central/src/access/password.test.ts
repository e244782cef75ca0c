import { expect, test } from "vitest";
import { hashPassword, isPassword, NarrowDoor, newStartPassword, passwordFault } from "./password.ts";

const OWNER = { name: "zhang.san", displayName: "张三样例" };

test("a password is kept as a salted scrypt hash that says how it was made, and no two are alike", async () => {
  const [one, other] = [await hashPassword("Regen Tisch 42 Wolke"), await hashPassword("Regen Tisch 42 Wolke")];
  expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toBe(other);
  expect(await isPassword("Regen Tisch 42 Wolke", one)).toBe(true);
  expect(await isPassword("Regen Tisch 42 wolke", one)).toBe(false);
  expect(await isPassword("", one)).toBe(false);
});

test("a password typed with joined or with separate marks is the same one", async () => {
  expect(await isPassword("Cafe\u0301 am Fluss 7", await hashPassword("Caf\u00e9 am Fluss 7"))).toBe(true);
});

test("without a hash, or with one that cannot be read, no password is right", async () => {
  expect(await isPassword("anything at all", null)).toBe(false);
  expect(await isPassword("", null)).toBe(false);
  expect(await isPassword("anything at all", "plain text")).toBe(false);
});

test("a hash made with other parameters is still checked with its own", async () => {
  const { scryptSync } = await import("node:crypto");
  const salt = Buffer.alloc(16, 7);
  const key = scryptSync("an older password", salt, 32, { N: 1024, r: 8, p: 1 });
  const kept = `scrypt$1024$8$1$${salt.toString("base64url")}$${key.toString("base64url")}`;
  expect([await isPassword("an older password", kept), await isPassword("another password", kept)]).toEqual([true, false]);
});

test("passwords that are short, known, or made of the account's own names are refused, each with its reason", () => {
  expect(passwordFault("Regen Tisch 42 Wolke", OWNER)).toBeUndefined();
  expect(passwordFault("红日东升四海同春万物生辉", OWNER)).toBeUndefined();
  expect(passwordFault("correct horse battery staple", OWNER)).toBeUndefined();
  for (const [password, why] of [
    ["elevenchars", "11 characters"],
    ["x1".repeat(65), "130 characters"],
    ["my-ZHANG.SAN-password", "name of the account"],
    ["今天张三样例很高兴地来上班了", "name of its owner"],
    ["aaaaaaaaaaaab", "five different"],
    ["123456789012", "row of neighbouring"],
    ["abcdefghijklmn", "row of neighbouring"],
    ["Password1234!", "tried first"],
    ["admin2024!!!!", "tried first"],
  ] as const)
    expect([password, passwordFault(password, OWNER)]).toEqual([password, expect.stringContaining(why)]);
});

test("start passwords pass the rule, are told apart when read out, and do not come twice", () => {
  const made = Array.from({ length: 200 }, newStartPassword);
  expect(new Set(made).size).toBe(200);
  for (const one of made) {
    expect(one).toMatch(/^([2-9A-HJKMNP-TW-Z]{4}-){3}[2-9A-HJKMNP-TW-Z]{4}$/);
    expect(passwordFault(one, OWNER)).toBeUndefined();
  }
});

test("few passwords are worked on at once, in the order they came, and a crowd is sent away", async () => {
  const door = new NarrowDoor();
  const finished: number[] = [];
  const ends: (() => void)[] = [];
  let inside = 0;
  let most = 0;
  const visitors = Array.from({ length: 40 }, (_, index) =>
    door.pass(async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise<void>((resolve) => ends.push(resolve));
      inside -= 1;
      finished.push(index);
    }),
  );
  const sentAway = (await Promise.all(visitors.slice(34))).filter((one) => one === undefined);
  expect(sentAway).toHaveLength(6);
  while (finished.length < 34) {
    ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(most).toBe(2);
  expect(finished).toEqual(Array.from({ length: 34 }, (_, index) => index));
  await Promise.all(visitors);
  expect(ends).toEqual([]);
});
