import { describe, expect, test } from "vitest";
import { newSalt, SecretHash } from "./secret-hash.ts";

const PIN = "294817";
const cheap = new SecretHash({ N: 64, r: 8, p: 1 });

describe("the hash of a secret", () => {
  test("costs what docs/clerk.md says: scrypt with N = 16384, r = 8, p = 5", async () => {
    const kept = await new SecretHash().of(PIN);
    expect(kept).toMatch(/^scrypt\$16384\$8\$5\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
    // Whoever made it, its own cost is in it: hashes of before stay good when the cost grows.
    expect([await cheap.fits(PIN, kept), await cheap.fits("294818", kept)]).toEqual([true, false]);
  });

  test("is another one each time, but with the salt of the cards", async () => {
    const salt = newSalt();
    expect(await cheap.of(PIN)).not.toBe(await cheap.of(PIN));
    expect(await cheap.of(PIN, salt)).toBe(await cheap.of(PIN, salt));
    expect(await cheap.of(PIN, newSalt())).not.toBe(await cheap.of(PIN, salt));
  });

  test("that is none of ours fits nothing, and is not computed if it would take gigabytes", async () => {
    const [scrypt, N, r, p, salt, key] = (await cheap.of(PIN)).split("$");
    for (const kept of [
      "",
      "scrypt",
      PIN,
      `${scrypt}$${N}$${r}$${p}$${salt}$`,
      `${scrypt}$${N}$${r}$${p}$${salt}$AAAA`,
      `bcrypt$${N}$${r}$${p}$${salt}$${key}`,
    ])
      expect(await cheap.fits(PIN, kept)).toBe(false);
    await expect(cheap.fits(PIN, `scrypt$67108864$8$1$${salt}$${key}`)).rejects.toThrow();
    expect(await cheap.fitsNothing(PIN)).toBe(false);
  });
});
