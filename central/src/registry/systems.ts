import { createHash, randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";

/** What a business system may do: tell of cases, hand in ratings, send files, change the registry, push to windows. */
export const SCOPES = ["cases", "ratings", "imports", "registry", "push"] as const;
export type Scope = (typeof SCOPES)[number];

export const newSystemSchema = z.strictObject({
  name: shortText(64),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .transform((scopes) => [...new Set(scopes)].sort()),
});

export type NewSystem = z.output<typeof newSystemSchema>;

/** A business system as `window-central system list` shows it. */
export interface BusinessSystem {
  readonly systemNo: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Makes a business system known.
 * @returns it with its token, which central itself does not keep
 * @throws WindowRatingError WR7035 if the name is taken
 */
export const addSystem = async (
  db: CentralDatabase,
  { name, scopes }: NewSystem,
  nowMs: number,
): Promise<{ readonly systemNo: number; readonly name: string; readonly token: string }> => {
  const token = `wrs_${randomBytes(32).toString("base64url")}`;
  const made = await db
    .insertInto("systems")
    .values({ name, token_hash: sha256(token), scopes: scopes.join(" "), created_at_ms: nowMs, revoked_at_ms: null })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("system_no")
    .executeTakeFirst();
  if (made === undefined) throw new WindowRatingError("WR7035", `name: there is a business system "${name}" already`);
  return { systemNo: made.system_no, name, token };
};

/** @throws WindowRatingError WR7012 if there is no such system, or its token was revoked before */
export const revokeSystem = async (db: CentralDatabase, systemNo: number, nowMs: number): Promise<void> => {
  const revoked = await db
    .updateTable("systems")
    .set({ revoked_at_ms: nowMs })
    .where("system_no", "=", systemNo)
    .where("revoked_at_ms", "is", null)
    .returning("system_no")
    .executeTakeFirst();
  if (revoked === undefined) throw new WindowRatingError("WR7012", `There is no business system ${systemNo} with a token`);
};

export const listSystems = async (db: CentralDatabase): Promise<BusinessSystem[]> => {
  const rows = await db.selectFrom("systems").selectAll().orderBy("system_no").execute();
  return rows.map((row) => ({
    systemNo: row.system_no,
    name: row.name,
    scopes: row.scopes.split(" "),
    createdAtMs: row.created_at_ms,
    revokedAtMs: row.revoked_at_ms,
  }));
};

/** The business system that calls. */
export interface Caller {
  readonly systemNo: number;
  readonly name: string;
}

/**
 * Who calls, by the bearer token of the request.
 * @throws WindowRatingError WR7030, the same for a token that is unknown and one that was revoked
 */
export const authenticateSystem = async (db: CentralDatabase, authorization: string | undefined, scope: Scope): Promise<Caller> => {
  const token = /^Bearer (wrs_[\w-]{43})$/.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new WindowRatingError("WR7030", "The Authorization header holds no token of a business system");
  const found = await db
    .selectFrom("systems")
    .select(["system_no", "name", "scopes"])
    // Looked up by its hash: how long that takes says nothing about the token.
    .where("token_hash", "=", sha256(token))
    .where("revoked_at_ms", "is", null)
    .executeTakeFirst();
  if (found === undefined) throw new WindowRatingError("WR7030", "No business system has this token");
  if (!found.scopes.split(" ").includes(scope)) throw new WindowRatingError("WR7030", `The token does not have the scope "${scope}"`);
  return { systemNo: found.system_no, name: found.name };
};
