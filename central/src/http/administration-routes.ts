import { createHash, timingSafeEqual } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { shortText } from "@window-rating/protocol/rating";
import { LARGEST_ENTRY_FILE, LARGEST_SITE_FILE } from "@window-rating/protocol/sync";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { doAct, isActName } from "../access/administration.ts";
import type { KeyRing } from "../access/keys/key-ring.ts";
import { type ChannelKeys, requireKeys } from "../channels/keys.ts";
import { listQrKeys, revokeQrKey, rotateQrKey } from "../channels/qr-keys.ts";
import { codeOfPlace, placeRequestSchema } from "../channels/static-codes.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { codeRequestSchema, makeEnrolmentCode } from "../enrolment.ts";
import { takeEntryFile } from "../entry-files/take-file.ts";
import { importFile } from "../imports/import-file.ts";
import { TABLE_LIMITS } from "../imports/xlsx-guard.ts";
import { changeJobSettings, jobChangesSchema } from "../jobs/settings.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { changeSite, type RatingPolicies, readSite, siteChangesSchema } from "../ratings/site.ts";
import { retireWindowPc } from "../registry/retired-pcs.ts";
import { addSystem, listSystems, newSystemSchema, revokeSystem } from "../registry/systems.ts";
import { putSiteFile, putSiteFileSchema, readSiteFileInForce } from "../site-file/site-files.ts";
import { parseRequest } from "./errors.ts";
import { fileBodies, fileOf, importQuerySchema } from "./file-body.ts";
import { requireLoopback } from "./loopback.ts";

interface AdministrationParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly book: RuleBook;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
  /** The same keys as a file that can be rotated. */
  readonly keyRing: KeyRing | undefined;
  /** Token in the data folder, readable by its owner only. */
  readonly token: string;
}

const systemNoSchema = z.object({ systemNo: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const windowPcIdSchema = z.object({ windowPcId: z.uuid() });
const retireSchema = z.strictObject({ by: shortText(64), reason: shortText(200) });
const fileQuerySchema = z.strictObject({ by: shortText(64) });
const keyNoSchema = z.object({ keyNo: z.coerce.number().int().min(1).max(255) });
const siteRequestSchema = z.strictObject({ changes: siteChangesSchema, by: shortText(64) });
const jobsRequestSchema = z.strictObject({ changes: jobChangesSchema, by: shortText(64) });

/** Twice as long, if every character of it must be escaped. */
const SITE_FILE_BODY_BYTES = 2 * LARGEST_SITE_FILE + 1000;

const actSchema = z.object({ act: z.string().refine(isActName, "no such act") });

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What the commands of window-central ask of the central that owns the data folder. */
export const administrationRoutes = (
  app: FastifyInstance,
  { db, now, book, policies, keys, keyRing, token }: AdministrationParts,
): void => {
  const expected = digest(`Bearer ${token}`);
  app.addHook("onRequest", requireLoopback);
  app.addHook("onRequest", async (request) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) return;
    throw new WindowRatingError("WR7017", "The token is not the one in the data folder");
  });
  app.post("/admin/v1/enrolment-codes", async (request, reply) => {
    const { windowNo, validMinutes } = parseRequest(codeRequestSchema, request.body);
    return reply.code(201).send(await makeEnrolmentCode(db, windowNo, validMinutes, now()));
  });
  app.post("/admin/v1/access/:act", async (request) => {
    const { act } = parseRequest(actSchema, request.params);
    const ring = (): KeyRing => {
      if (keyRing === undefined) throw new WindowRatingError("WR7044", "This central was started without a key file");
      return keyRing;
    };
    return doAct(act, request.body, { db, now, keys: ring, holds: true }, parseRequest);
  });
  app.post("/admin/v1/window-pcs/:windowPcId/retire", async (request) => {
    const { windowPcId } = parseRequest(windowPcIdSchema, request.params);
    const windowNo = await retireWindowPc(db, { windowPcId, ...parseRequest(retireSchema, request.body), address: request.ip }, now());
    return { windowPcId, windowNo };
  });
  app.get("/admin/v1/systems", () => listSystems(db));
  app.post("/admin/v1/systems", async (request, reply) =>
    reply.code(201).send(await addSystem(db, parseRequest(newSystemSchema, request.body), now())),
  );
  app.post("/admin/v1/systems/:systemNo/revoke", async (request) => {
    const { systemNo } = parseRequest(systemNoSchema, request.params);
    await revokeSystem(db, systemNo, now());
    return { revoked: systemNo };
  });
  app.get("/admin/v1/site", () => inTransaction(db, readSite));
  app.post("/admin/v1/site", async (request, reply) => {
    const { changes, by } = parseRequest(siteRequestSchema, request.body);
    return reply.code(201).send(await inTransaction(db, (tx) => changeSite(tx, book, changes, by, now())));
  });
  // null is no body: what is not there is said in an object.
  app.get("/admin/v1/site-file", async () => ({ file: await inTransaction(db, readSiteFileInForce) }));
  app.post("/admin/v1/site-file", { bodyLimit: SITE_FILE_BODY_BYTES }, async (request, reply) => {
    const given = parseRequest(putSiteFileSchema, request.body);
    return reply.code(201).send({ file: await inTransaction(db, (tx) => putSiteFile(tx, given, now())) });
  });
  app.post("/admin/v1/jobs", async (request, reply) => {
    const { changes, by } = parseRequest(jobsRequestSchema, request.body);
    return reply.code(201).send(await inTransaction(db, (tx) => changeJobSettings(tx, changes, by, now())));
  });
  app.post("/admin/v1/qr/places", async (request, reply) => {
    const { renew, ...place } = parseRequest(placeRequestSchema, request.body);
    const code = await inTransaction(db, (tx) => codeOfPlace(tx, requireKeys(keys), place, renew, now()));
    return reply.code(201).send({ code });
  });
  app.get("/admin/v1/qr/keys", () => inTransaction(db, listQrKeys));
  app.post("/admin/v1/qr/keys", async (_request, reply) =>
    reply.code(201).send({ keyNo: await inTransaction(db, (tx) => rotateQrKey(tx, now())) }),
  );
  app.post("/admin/v1/qr/keys/:keyNo/revoke", async (request) => {
    const { keyNo } = parseRequest(keyNoSchema, request.params);
    await inTransaction(db, (tx) => revokeQrKey(tx, keyNo, now()));
    return { revoked: keyNo };
  });
  app.register((scope, _options, done) => {
    fileBodies(scope);
    scope.post("/admin/v1/entry-files", { bodyLimit: LARGEST_ENTRY_FILE }, (request) => {
      const { by } = parseRequest(fileQuerySchema, request.query);
      return takeEntryFile(db, fileOf(request), { by, address: request.ip, nowMs: now(), policies });
    });
    scope.post("/admin/v1/imports", { bodyLimit: TABLE_LIMITS.fileBytes }, (request) => {
      const { by, ...query } = parseRequest(importQuerySchema.extend({ by: shortText(64) }), request.query);
      return importFile(db, { ...query, by, bytes: fileOf(request) }, now(), { policyOf: (tx) => policies.inForce(tx), keys });
    });
    done();
  });
};
