import { describe, expect, test } from "vitest";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";
import { type Contact, contactKeyId, contactPublicKey, LARGEST_SEALED, openContact, sealContact } from "./index.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

const privateKey = new Uint8Array(32).fill(7);
const publicKey = contactPublicKey(privateKey);
const requestId = Uint8Array.from({ length: 16 }, (_, index) => index);
const random = (length: number): Uint8Array => new Uint8Array(length).fill(3);
const contact: Contact = { words: "办得很快，谢谢", name: "张三样例", phone: "13000000000" };

describe("HPKE", () => {
  // RFC 9180, appendix A.2.1: base mode, first encryption.
  const vector = {
    info: bytes("4f6465206f6e2061204772656369616e2055726e"),
    ephemeral: bytes("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600"),
    recipientPrivate: bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"),
    recipientPublic: bytes("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"),
    aad: bytes("436f756e742d30"),
    plain: bytes("4265617574792069732074727574682c20747275746820626561757479"),
    sealed:
      "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a" +
      "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
  };

  test("gives what RFC 9180 gives", () => {
    expect(hex(hpkeSeal(vector.plain, vector.recipientPublic, vector.info, vector.aad, vector.ephemeral))).toBe(vector.sealed);
    expect(hpkeOpen(bytes(vector.sealed), vector.recipientPrivate, vector.info, vector.aad)).toEqual(vector.plain);
  });
});

describe("a contact", () => {
  test("opens for central's key and its own request", () => {
    const sealed = sealContact(contact, { publicKey }, requestId, random);
    expect(openContact(sealed, privateKey, requestId)).toEqual(contact);
    expect(contactKeyId(publicKey)).toHaveLength(8);
  });

  test("opens for no other request and no other key", () => {
    const sealed = sealContact(contact, { publicKey }, requestId, random);
    expect(openContact(sealed, privateKey, new Uint8Array(16))).toBeUndefined();
    expect(openContact(sealed, new Uint8Array(32).fill(8), requestId)).toBeUndefined();
  });

  test("does not open when any byte was changed, or when it was cut", () => {
    const sealed = sealContact(contact, { publicKey }, requestId, random);
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice();
      changed[at] = (changed[at] as number) ^ 0x10;
      expect(openContact(changed, privateKey, requestId)).toBeUndefined();
      expect(openContact(sealed.subarray(0, at), privateKey, requestId)).toBeUndefined();
    }
  });

  test("that is as long as it may be fits a pad's event", () => {
    const longest = { words: "好".repeat(200), name: "某".repeat(30), phone: `+${"1".repeat(20)}` };
    expect(sealContact(longest, { publicKey }, requestId, random).length).toBeLessThanOrEqual(LARGEST_SEALED);
  });

  test("with a field that is too long is refused by the name of the field", () => {
    expect(() => sealContact({ words: "好".repeat(201) }, { publicKey }, requestId, random)).toThrow(/WR1002.*contact\.words/);
    expect(() => sealContact(contact, { publicKey: new Uint8Array(32) }, requestId, random)).toThrow(/WR1002.*X25519/);
  });

  test("shows nothing of itself in its sealed form", () => {
    const text = Buffer.from(sealContact(contact, { publicKey }, requestId, random)).toString("latin1");
    expect(text).not.toContain("13000000000");
  });
});
