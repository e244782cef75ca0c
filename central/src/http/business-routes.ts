import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { casesRequestSchema, MAX_REPORTS } from "../cases/report.ts";
import { readRefusedCases, retakeReport, takeReports } from "../cases/take-reports.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { importFile } from "../imports/import-file.ts";
import { TABLE_LIMITS } from "../imports/xlsx-guard.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { pageSchema } from "../reading/page.ts";
import { putRegistry, REGISTRY_SCHEMAS, registryEntry, registryRequestSchema } from "../registry/registry.ts";
import { parseRequest } from "./errors.ts";
import { fileBodies, fileOf, importQuerySchema } from "./file-body.ts";
import { systemDoor } from "./system-caller.ts";
import { refuseMany } from "./too-many.ts";

interface BusinessParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
}

const CASES_BYTES = 1_048_576;

const refusedNoSchema = z.object({ refusedNo: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** What the business systems of agencies call, each with its own token; docs/central.md describes it. */
export const businessRoutes = (app: FastifyInstance, { db, now, policies, keys }: BusinessParts): void => {
  const { only, callerOf } = systemDoor(db, now);
  const policyInForce = () => inTransaction(db, (tx) => policies.inForce(tx));

  app.post("/api/v1/cases", { bodyLimit: CASES_BYTES, onRequest: only("cases") }, async (request) => {
    refuseMany(request.body, MAX_REPORTS);
    const reports = parseRequest(casesRequestSchema, request.body).entries;
    return { answers: await takeReports(db, callerOf(request), reports, now(), await policyInForce()) };
  });

  app.get("/api/v1/cases/refused", { onRequest: only("cases") }, async (request) => {
    return readRefusedCases(db, callerOf(request), parseRequest(pageSchema, request.query));
  });

  app.post("/api/v1/cases/refused/:refusedNo/retake", { onRequest: only("cases") }, async (request) => {
    const { refusedNo } = parseRequest(refusedNoSchema, request.params);
    return retakeReport(db, callerOf(request), refusedNo, now(), await policyInForce());
  });

  app.post("/api/v1/registry", { bodyLimit: CASES_BYTES, onRequest: only("registry") }, async (request) => {
    const { systemNo } = callerOf(request);
    const { kind, entries, remove } = parseRequest(registryRequestSchema, request.body);
    const schema = REGISTRY_SCHEMAS[kind];
    const rows = entries.map((entry, index) => {
      const parsed = schema.safeParse(entry);
      if (parsed.success) return registryEntry(kind, parsed.data);
      const [issue] = parsed.error.issues;
      throw new WindowRatingError("WR7001", `entries.${index}.${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`);
    });
    const removed = remove.map((key) => ({ key, content: null }));
    const changed = await inTransaction(db, (tx) => putRegistry(tx, kind, [...rows, ...removed], `system ${systemNo}`, now()));
    return { changed };
  });

  app.register((scope, _options, done) => {
    fileBodies(scope);
    scope.post("/api/v1/imports", { bodyLimit: TABLE_LIMITS.fileBytes, onRequest: only("imports") }, async (request) => {
      const { systemNo } = callerOf(request);
      const query = parseRequest(importQuerySchema, request.query);
      return importFile(db, { ...query, bytes: fileOf(request), by: `system ${systemNo}` }, now(), {
        policyOf: (tx) => policies.inForce(tx),
        keys,
      });
    });
    done();
  });
};
