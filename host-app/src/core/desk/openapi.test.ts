import { ERRORS } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "./openapi.ts";
import { openTestDesk } from "./test-desk-api.ts";
import { VERBS } from "./verbs.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: unknown[];
  readonly parameters?: { name: string; in: string }[];
  readonly requestBody?: { content: { "application/json": { schema: Record<string, unknown> } } };
  readonly responses: Record<string, { description: string }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, unknown> };
}

const document = openApiDocument(VERBS) as unknown as Document;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

describe("The OpenAPI document", () => {
  test("is served to any program on this PC without a token", async () => {
    const host = await openTestDesk();
    try {
      const answer = await host.call("GET", "/desk/v1/openapi.json", { token: null });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
    } finally {
      await host.close();
    }
  });

  test("names everything that is answered, and nothing else; what it does not name only says what may be asked", async () => {
    const host = await openTestDesk();
    try {
      const named = Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const { routes } = host.api;
      const served = routes.filter(({ access }) => access !== undefined);
      expect(served.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(named.sort());
      for (const { method, path, access } of served)
        expect([path, document.paths[path]?.[method.toLowerCase()]?.security]).toEqual([
          path,
          access === "paired" || access === "control" ? [{ [access]: [] }] : [],
        ]);
      for (const { method, path } of routes.filter(({ access }) => access === undefined)) {
        const { status } = await host.call(method, path.replace("{caseNo}", "1"), { token: null });
        expect([method, path, status]).toEqual([method, path, method === "OPTIONS" ? 204 : 405]);
      }
    } finally {
      await host.close();
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test("declares each parameter of a path, and no reference that leads nowhere", () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(inPath);
      }
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name as string);
    }
  });

  test("says what a body must hold and what is filled in, and that nothing else is taken", () => {
    const { schema } = document.paths["/desk/v1/cases"]?.post?.requestBody?.content["application/json"] ?? {};
    expect(schema).toMatchObject({
      type: "object",
      required: ["caseNo", "itemCode", "itemName"],
      additionalProperties: false,
      properties: { visitNo: { default: 1, minimum: 1, maximum: 99 }, caseNo: { minLength: 1, maxLength: 64 } },
    });
  });

  test("lists for each verb the codes it answers with, all of them in the table of errors", () => {
    const codes = [...JSON.stringify(operations).matchAll(/WR\d{4}/g)].map(([code]) => code);
    expect(codes.length).toBeGreaterThan(20);
    for (const code of codes) expect(ERRORS).toHaveProperty(code);
    expect(document.paths["/desk/v1/cases/{caseNo}/end"]?.post?.responses).toMatchObject({
      "200": {},
      "401": {},
      "409": { description: expect.stringMatching(/WR5004.*WR5005.*WR5006/) },
      "507": { description: "WR4003 Disk is full" },
    });
  });
});
