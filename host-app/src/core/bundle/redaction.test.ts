import { describe, expect, test } from "vitest";
import { Redaction } from "./redaction.ts";

describe("What leaves a window PC in a bundle", () => {
  const redaction = new Redaction(["Anna Example", "Anna"]);

  test.each([
    ["a phone number", "call 13800001234 now", "13800001234"],
    ["a phone number with blanks", "call +86 138 0000 1234", "0000 1234"],
    ["an id number", "id 11010119900101123X wrong", "11010119900101123X"],
    ["a name that is known here", "Anna Example signed in", "Anna"],
    ["a Chinese name", "clerk 张三样例 signed in", "张三样例"],
    ["a comment", "said 态度很好，办得快！ then left", "态度"],
    ["a token of a business system", `refused wrdesk_${"a".repeat(43)}`, "aaaa"],
    ["a bearer token", "authorization: Bearer q9", "q9"],
    ["a PIN", "PIN: 7305 is wrong", "7305"],
    ["a PIN in prose", "typed 730518 twice", "730518"],
    ["a card", "card 0004721935", "0004721935"],
    ["a key in hexadecimal", `key ${"0123456789abcdef".repeat(4)}`, "0123456789abcdef"],
    ["a key in base64", "key MC4CAQAwBQYDK2VwBCIEIFzG+q/9Qm2Yb0s1Yk5pT7w==", "MC4CAQ"],
    ["a key in PEM", "-----BEGIN PRIVATE KEY-----\nMC4CAQ\nAAAA\n-----END PRIVATE KEY-----", "MC4CAQ"],
    ["a ticket in an address", "opened http://127.0.0.1:7101/open.html#k3Jq", "k3Jq"],
    ["a password in an address", "http://user:pass1@central.example:7200/", "pass1"],
    ["a mail address", "mail anna.b@example.com", "anna.b"],
  ])("holds no longer %s", (_, text, secret) => {
    const redacted = redaction.prose(text);
    expect(redacted).not.toContain(secret);
    expect(redacted).toContain("[hidden]");
  });

  test.each([
    "WR3005 Port broke: /dev/ttyUSB0 was closed from the other side",
    "request 01890000-0000-7000-8000-000000000001 is shown",
    "/var/lib/window-rating/backups/2026-11-21-1410.db",
    "generic/five-button PAD-0001 on tcp://10.2.3.4:4001 with 12 frames in 340 ms",
    "https://central.example:7200 answered 503",
  ])("still tells: %s", (text) => {
    expect(redaction.prose(text)).toBe(text);
  });

  test("holds nothing under names that are secret, at any depth", () => {
    const value = { a: [{ clerkName: "Bob", pin: "1234", level: 5, text: "ok", controlToken: "t" }], size: 12 };
    expect(redaction.deep(value)).toEqual({
      a: [{ clerkName: "[hidden]", pin: "[hidden]", level: "[hidden]", text: "ok", controlToken: "[hidden]" }],
      size: 12,
    });
  });
});
