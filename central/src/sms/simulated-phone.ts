import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import Fastify from "fastify";
import { z } from "zod";
import { requireLoopback } from "../http/loopback.ts";
import { type GatewayFile, gatewayFileSchema } from "./gateway-file.ts";

/** Environment variable with the token that phone and central share. */
export const PHONE_TOKEN_ENV = "SMS_REPLY_TOKEN";
/** A message as it lies on the phone. `mine`: a reply that was typed there. */
export interface PhoneMessage {
  readonly id: string;
  readonly phone: string;
  readonly text: string;
  readonly mine: boolean;
  /** What central answered to a reply. */
  readonly answer: string | null;
}

/** A gateway with phones behind it, on one page: every message shows there, and replies go to central as a gateway sends them. */
export interface SimulatedPhone {
  /** Of the page. */
  readonly url: string;
  /** How central talks to it. */
  readonly gatewayFile: GatewayFile;
  readonly messages: readonly PhoneMessage[];
  /** Requests to send, repeats counted. */
  readonly requests: number;
  reply(phone: string, text: string): Promise<string>;
  close(): Promise<void>;
}

export interface SimulatedPhoneOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where replies go, e.g. "http://127.0.0.1:7300". */
  readonly centralUrl: string;
  readonly token: string;
  /** Messages kept; of more, the oldest are forgotten. Default 500. */
  readonly kept?: number;
}

const sendSchema = z.object({ key: z.string().min(1), phone: z.string().min(1), text: z.string().min(1) });
const replySchema = z.strictObject({ phone: z.string().min(1).max(40), text: z.string().min(1).max(500) });
const answerSchema = z.object({ answer: z.string() });
const errorSchema = z.object({ error: z.object({ code: z.string(), detail: z.string() }) });

const FILES = [
  { path: "/", name: "phone.html", type: "text/html" },
  { path: "/phone.css", name: "phone.css", type: "text/css" },
  { path: "/phone.js", name: "phone.js", type: "text/javascript" },
] as const;
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*";

/** @throws WindowRatingError WR8004 if the port is taken */
export const startSimulatedPhone = async ({ port, centralUrl, token, kept = 500 }: SimulatedPhoneOptions): Promise<SimulatedPhone> => {
  const messages: PhoneMessage[] = [];
  const known = new Set<string>();
  let requests = 0;
  const keep = (message: PhoneMessage): void => {
    messages.push(message);
    if (messages.length > kept) messages.shift();
  };
  const reply = async (phone: string, text: string): Promise<string> => {
    const id = randomUUID();
    const answer = await handOn(centralUrl, token, { messageId: id, phone, text });
    keep({ id, phone, text, mine: true, answer });
    return answer;
  };

  const app = Fastify({ forceCloseConnections: true });
  app.addHook("onRequest", requireLoopback);
  app.addHook("onSend", async (_request, answer) => {
    answer.headers({
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": CONTENT_SECURITY_POLICY,
    });
  });
  app.post("/send", async (request, answer) => {
    const parsed = sendSchema.safeParse(request.body);
    if (!parsed.success) return answer.code(400).send({ accepted: false });
    const { key, phone, text } = parsed.data;
    requests += 1;
    // As good gateways do: a known key is answered as before and not sent again.
    if (!known.has(key)) keep({ id: key, phone, text, mine: false, answer: null });
    known.add(key);
    return { accepted: true, id: key };
  });
  app.get("/messages", () => ({ messages }));
  app.post("/replies", async (request, answer) => {
    const parsed = replySchema.safeParse(request.body);
    if (!parsed.success) return answer.code(400).send({ answer: "phone and text are needed" });
    return { answer: await reply(parsed.data.phone, parsed.data.text) };
  });
  for (const { path, name, type } of FILES) {
    const content = readFileSync(new URL(`web/${name}`, import.meta.url));
    app.get(path, (_request, answer) => answer.type(`${type}; charset=utf-8`).send(content));
  }
  try {
    await app.listen({ port, host: "127.0.0.1" });
  } catch (error) {
    throw new WindowRatingError("WR8004", `127.0.0.1:${port}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    gatewayFile: phoneGatewayFile(url),
    messages,
    get requests() {
      return requests;
    },
    reply,
    close: () => app.close(),
  };
};

/** The gateway file of a simulated phone. */
export const phoneGatewayFile = (url: string): GatewayFile =>
  gatewayFileSchema.parse({
    send: {
      url: `${url}/send`,
      body: { json: { key: "{{key}}", phone: "{{phone}}", text: "{{text}}" } },
      success: '"accepted":true.*"id":"([^"]+)"',
      idempotent: true,
    },
    replies: { tokenEnv: PHONE_TOKEN_ENV },
  });

const handOn = async (centralUrl: string, token: string, reply: object): Promise<string> => {
  try {
    const answer = await fetch(new URL("/api/v1/sms/replies", centralUrl), {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(reply),
    });
    const content: unknown = await answer.json();
    const said = answerSchema.safeParse(content);
    if (said.success) return said.data.answer;
    const { error } = errorSchema.parse(content);
    return `${error.code} ${error.detail}`;
  } catch (error) {
    return `central does not answer: ${error instanceof Error ? error.message : String(error)}`;
  }
};
