import fc from "fast-check";
import { create } from "qrcode";
import { expect, test } from "vitest";
import { contactKeysOf } from "../sms/contact-keys.ts";
import { codeMoment, readStaticCode, readTicketCode, staticCode, ticketCode } from "./code.ts";
import { codeBytes, codeText } from "./code-text.ts";
import { formToken, readFormToken } from "./form-token.ts";
import { ChannelKeys } from "./keys.ts";
import { drawnAddress } from "./qr-picture.ts";

const keysOf = (phoneKey: string) => new ChannelKeys(contactKeysOf({ keys: ["07".repeat(32)], phoneKey: phoneKey.repeat(32) }));
const keys = keysOf("08");
const NOW_MS = Date.UTC(2026, 2, 2, 1);
const ticket = { keyNo: 3, ticketId: "00ff10203040a0b0", expiresAtMs: codeMoment(NOW_MS) };
const code = ticketCode(keys, ticket);

test("the text of a code is that of its bytes and of no others, in capitals or small letters", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (bytes) => {
      const text = codeText(bytes);
      expect(codeBytes(text, bytes.length)).toEqual(bytes);
      expect(codeBytes(text.toLowerCase(), bytes.length)).toEqual(bytes);
      expect(codeBytes(`${text}0`, bytes.length)).toBeUndefined();
    }),
  );
  expect(codeBytes("01", 1)).toBeUndefined();
  expect(codeBytes("U0", 1)).toBeUndefined();
});

test("a dynamic code says which ticket it is and until when, and nothing of the case", () => {
  expect(readTicketCode(keys, code)).toEqual(ticket);
  expect(readTicketCode(keys, code.toLowerCase())).toEqual(ticket);
  expect(code).toMatch(/^[0-9A-Z]{32}$/);
});

test("a code with any character changed, cut, made longer or signed elsewhere is none", () => {
  for (let at = 0; at < code.length; at++) {
    const changed = `${code.slice(0, at)}${code[at] === "0" ? "1" : "0"}${code.slice(at + 1)}`;
    expect(readTicketCode(keys, changed)).toBeUndefined();
  }
  for (const wrong of ["", code.slice(1), `${code}0`, "0".repeat(32), ticketCode(keysOf("09"), ticket)]) {
    expect(readTicketCode(keys, wrong)).toBeUndefined();
  }
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      (noise) => readTicketCode(keys, noise) === undefined && readStaticCode(keys, noise) === undefined,
    ),
  );
});

test("a static code passes for no dynamic one, nor a key for another", () => {
  const place = staticCode(keys, 12);
  expect([readStaticCode(keys, place), readTicketCode(keys, place), readStaticCode(keys, code)]).toEqual([12, undefined, undefined]);
  expect(readStaticCode(keysOf("09"), place)).toBeUndefined();
  // The number of the key is signed with the rest.
  expect(ticketCode(keys, { ...ticket, keyNo: 4 }).slice(-10)).not.toBe(code.slice(-10));
});

test("the picture of a code stays small: 33 by 33 at most, with the address of a county's site", () => {
  const size = (url: string) => create(drawnAddress(url), { errorCorrectionLevel: "M" }).modules.size;
  expect(size(`https://pj.example.gov.cn/Q/${code}`)).toBeLessThanOrEqual(33);
  expect(size(`https://pj.example.gov.cn/W/${staticCode(keys, 12)}`)).toBeLessThanOrEqual(29);
  expect(drawnAddress(`https://pj.example.gov.cn/Q/${code}`)).toBe(`HTTPS://PJ.EXAMPLE.GOV.CN/Q/${code}`);
  // A path of the operator's own is kept as it is: servers tell its letters apart.
  expect(drawnAddress("https://pj.example.gov.cn/hcp/Q/ABC")).toBe("https://pj.example.gov.cn/hcp/Q/ABC");
});

test("a form is good for what it was made for, for two hours, also where the clocks of two instances differ", () => {
  const random = new Uint8Array(12).fill(5);
  const token = formToken(keys, "dynamic code A staff", NOW_MS, random);
  const read = (about: string, atMs: number, text = token) => readFormToken(keys, about, text, atMs);
  expect(read("dynamic code A staff", NOW_MS + 1000)).toEqual({ nonce: "05".repeat(12), issuedAtMs: NOW_MS });
  expect(read("dynamic code A item", NOW_MS)).toBeUndefined();
  expect(read("dynamic code B staff", NOW_MS)).toBeUndefined();
  expect(read("dynamic code A staff", NOW_MS - 299_000)).toBeDefined();
  expect(read("dynamic code A staff", NOW_MS - 301_000)).toBeUndefined();
  expect(read("dynamic code A staff", NOW_MS + 7_200_000)).toBeDefined();
  expect(read("dynamic code A staff", NOW_MS + 7_200_001)).toBeUndefined();
  for (const wrong of ["", "x", `${token}A`, `B${token.slice(1)}`, token.slice(0, -1)])
    expect(read("dynamic code A staff", NOW_MS, wrong)).toBeUndefined();
});

test("a person is the same for one phone however it is written, and another for another phone or key", () => {
  const same = ["13800000000", "+8613800000000", "138 0000 0000", "0086-138-0000-0000", "１３８００００００００"].map((phone) =>
    keys.personOf(phone),
  );
  expect(new Set(same).size).toBe(1);
  expect(same[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(keys.personOf("13800000001")).not.toBe(same[0]);
  expect(keysOf("09").personOf("13800000000")).not.toBe(same[0]);
});

test("a refused rating opens for the same key file and number alone, and shows nothing of itself", () => {
  const text = '{"phone":"13800000000"}';
  const sealed = keys.sealRefused(3, text);
  expect(keys.openRefused(3, sealed)).toBe(text);
  expect(Buffer.from(sealed.split(" ")[1] ?? "", "base64").toString("latin1")).not.toContain("13800000000");
  const others = new ChannelKeys(contactKeysOf({ keys: ["09".repeat(32)], phoneKey: "08".repeat(32) }));
  expect(() => others.openRefused(3, sealed)).toThrow("WR7064");
  expect(() => keys.openRefused(4, sealed)).toThrow("WR7064");
  expect(() => keys.openRefused(3, `${sealed.slice(0, -6)}AAAA==`)).toThrow("WR7064");
});
