import { deskEventSchema } from "@window-rating/protocol/desk";
import { ERRORS, type ErrorCode } from "@window-rating/protocol/error";
import { z } from "zod";
import { trafficBatchSchema } from "../traffic/traffic-shape.ts";
import { BEARER_SUBPROTOCOL, EVENTS_PATH, EVENTS_SUMMARY, SUBPROTOCOL } from "./event-stream.ts";
import { httpStatusOf } from "./http-status.ts";
import { TRAFFIC_PATH, TRAFFIC_SUMMARY } from "./traffic-stream.ts";
import type { Access, Verb } from "./verb.ts";

/** Codes that any request may meet before its verb is reached. */
const COMMON_ERRORS: readonly ErrorCode[] = ["WR4001", "WR5002", "WR5011", "WR5015", "WR5016"];
const TOKEN_ERRORS: readonly ErrorCode[] = ["WR5001", "WR8006"];
const BODY_ERRORS: readonly ErrorCode[] = ["WR5003", "WR5013", "WR5014"];

export const errorsOf = (verb: Pick<Verb, "access" | "body" | "errors">): ErrorCode[] => [
  ...verb.errors,
  ...(verb.body === null ? [] : BODY_ERRORS),
  ...(needsNoToken(verb.access) ? [] : TOKEN_ERRORS),
  ...COMMON_ERRORS,
];

/** The desk API as an OpenAPI 3.1 document, derived from the declared verbs and their schemas. */
export const openApiDocument = (verbs: readonly Verb[]): Record<string, unknown> => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const verb of verbs) {
    paths[verb.path] = { ...paths[verb.path], [verb.method.toLowerCase()]: operation(verb) };
  }
  paths[EVENTS_PATH] = { get: eventsOperation() };
  paths[TRAFFIC_PATH] = { get: trafficOperation() };
  return {
    openapi: "3.1.0",
    info: {
      title: "Window Rating desk API",
      version: "1",
      description: "Between the business system of a window and the window PC, on 127.0.0.1 and ::1 only.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:{port}", variables: { port: { default: "7100" } } }],
    paths,
    components: {
      securitySchemes: {
        paired: {
          type: "http",
          scheme: "bearer",
          description: "Token that window-host pair printed, or that a pairing confirmed on the PC gave",
        },
        control: { type: "http", scheme: "bearer", description: "Token in control.json, for the commands of window-host alone" },
      },
      schemas: {
        Error: jsonSchema(errorSchema, "output"),
        DeskEvent: jsonSchema(deskEventSchema, "output"),
        TrafficBatch: jsonSchema(trafficBatchSchema, "output"),
      },
    },
  };
};

const errorSchema = z.object({
  error: z.object({
    code: z.string().regex(/^WR\d{4}$/),
    title: z.string(),
    detail: z.string().describe("What happened"),
    advice: z.string().describe("What to do"),
  }),
});

const operation = (verb: Verb): Record<string, unknown> => ({
  operationId: operationId(verb),
  summary: verb.summary,
  security: security(verb.access),
  ...parametersOf(verb),
  ...(verb.body === null ? {} : { requestBody: { required: true, content: json(jsonSchema(verb.body, "input")) } }),
  responses: {
    "200": { description: "Done, and on disk if it changes anything", content: json(jsonSchema(verb.answer, "output")) },
    ...errorResponses(errorsOf(verb)),
  },
});

const WINDOW_PARAMETER = {
  name: "windowNo",
  in: "query",
  required: false,
  description: "Which window of this PC; needed where it serves several",
  schema: { type: "string", minLength: 1, maxLength: 32 },
};

const parametersOf = ({ path, method, isOfWindow }: Verb): { parameters?: readonly object[] } => {
  const parameters = [
    ...(path.includes("{caseNo}")
      ? [{ name: "caseNo", in: "path", required: true, schema: { type: "string", minLength: 1, maxLength: 64 } }]
      : []),
    ...(isOfWindow && method === "GET" ? [WINDOW_PARAMETER] : []),
  ];
  return parameters.length === 0 ? {} : { parameters };
};

const eventsOperation = (): Record<string, unknown> => ({
  operationId: "events",
  summary: EVENTS_SUMMARY,
  description: `Each message is a DeskEvent. A page in a browser offers the subprotocols ${SUBPROTOCOL} and ${BEARER_SUBPROTOCOL}<token>.`,
  security: security("paired"),
  parameters: [{ ...WINDOW_PARAMETER, description: "One window of this PC; all of them if it is left out" }],
  responses: {
    "101": { description: "WebSocket", content: json({ $ref: "#/components/schemas/DeskEvent" }) },
    ...errorResponses(errorsOf({ access: "paired", body: null, errors: ["WR5003", "WR5017"] })),
  },
});

const trafficOperation = (): Record<string, unknown> => ({
  operationId: "traffic",
  summary: TRAFFIC_SUMMARY,
  description: "Each line is a TrafficBatch. The first is empty and comes at once. The answer ends when either side closes it.",
  security: security("control"),
  parameters: [{ ...WINDOW_PARAMETER, description: "The line of one window of this PC; all of them if it is left out" }],
  responses: {
    "200": {
      description: "The traffic from now on",
      content: { "application/x-ndjson": { schema: { $ref: "#/components/schemas/TrafficBatch" } } },
    },
    ...errorResponses(errorsOf({ access: "control", body: null, errors: ["WR5003", "WR5010", "WR5017"] })),
  },
});

const operationId = ({ path }: Verb): string =>
  path
    .replace("/desk/v1/", "")
    .replace("/{caseNo}", "")
    .replace(/\.json$/, "")
    .replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());

const security = (access: Access): Record<string, string[]>[] => (needsNoToken(access) ? [] : [{ [access]: [] }]);

const needsNoToken = (access: Access): boolean => access === "anyone" || access === "asking";

const json = (schema: unknown): Record<string, unknown> => ({ "application/json": { schema } });

/** OpenAPI keeps one response per status; the codes that share it are listed in its description. */
const errorResponses = (codes: readonly ErrorCode[]): Record<string, unknown> => {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(httpStatusOf(code), [...(byStatus.get(httpStatusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, sharing]) => [
      String(status),
      {
        description: sharing.map((code) => `${code} ${ERRORS[code].title}`).join("; "),
        content: json({ $ref: "#/components/schemas/Error" }),
      },
    ]),
  );
};

/** OpenAPI 3.1 speaks the JSON Schema that zod writes by default, 2020-12. */
const jsonSchema = (schema: z.ZodType, io: "input" | "output"): Record<string, unknown> => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
};
