import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import type { Exchange, Post, Transport } from "./exchange.ts";

/** An answer to the largest batch has about 100 kB; whatever sends more is not central. */
const LONGEST_ANSWER = 2 * 1_048_576;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "no program listens at this address",
  ENOTFOUND: "the name is not known (DNS)",
  EAI_AGAIN: "the name service does not answer (DNS)",
  ENETUNREACH: "this PC has no network that leads there",
  EHOSTUNREACH: "the machine cannot be reached",
  ENETDOWN: "the network of this PC is down",
  ETIMEDOUT: "no answer to the connection attempt",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate of central is self-signed; name its CA in NODE_EXTRA_CA_CERTS",
  SELF_SIGNED_CERT_IN_CHAIN: "the CA of central's certificate is not known here; name it in NODE_EXTRA_CA_CERTS",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the CA of central's certificate is not known here; name it in NODE_EXTRA_CA_CERTS",
  CERT_HAS_EXPIRED: "the certificate of central has expired, or the clock of this PC is wrong",
  CERT_NOT_YET_VALID: "the certificate of central is not valid yet, or the clock of this PC is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate of central is for another name",
};

const reasonOf = (error: NodeJS.ErrnoException): string => {
  const code = error.code ?? "";
  return code in REASONS ? `${REASONS[code]} (${code})` : error.message || code || "unknown failure";
};

/**
 * node:http with a connection kept open. Measured on two cores against the built-in fetch on the same loopback server: 0.13 ms
 * instead of 0.43 ms for a batch of one entry, 8.0 ms instead of 11.1 ms for one of 500.
 */
export const httpTransport = (): Transport => {
  const agents = { "http:": new Agent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };

  const post = async (one: Post): Promise<Exchange> => {
    const first = await attempt(one, agents);
    // The other side closes an idle connection whenever it likes; that this one was taken just then says nothing about central.
    return first.exchange.is === "cut" && first.onOldConnection ? (await attempt(one, agents)).exchange : first.exchange;
  };

  return {
    post,
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
};

interface Attempt {
  readonly exchange: Exchange;
  /** The connection was left over from a request before, and broke before any byte of an answer. */
  readonly onOldConnection: boolean;
}

const attempt = ({ url, token, text, signal }: Post, agents: { "http:": Agent; "https:": SecureAgent }): Promise<Attempt> =>
  new Promise((resolve) => {
    const body = Buffer.from(text);
    const headers = {
      "content-type": "application/json",
      "content-length": body.length,
      accept: "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const common = { method: "POST", headers, signal };
    const request =
      url.protocol === "https:"
        ? httpsRequest(url, { ...common, agent: agents["https:"] })
        : httpRequest(url, { ...common, agent: agents["http:"] });
    let connected = false;
    let answering = false;
    const end = (exchange: Exchange) => resolve({ exchange, onOldConnection: request.reusedSocket && !answering });
    const failed = (error: NodeJS.ErrnoException) => {
      if (signal.aborted) end({ is: "aborted" });
      else end({ is: connected ? "cut" : "unreachable", reason: reasonOf(error) });
    };

    request.on("socket", (socket) => {
      const ready = url.protocol === "https:" ? "secureConnect" : "connect";
      if (request.reusedSocket) connected = true;
      else socket.once(ready, () => (connected = true));
    });
    request.on("error", failed);
    request.on("response", (response) => {
      answering = true;
      readAnswer(response).then(end, failed);
    });
    request.end(body);
  });

const header = (response: IncomingMessage, name: string): string | null => {
  const value = response.headers[name];
  return typeof value === "string" ? value : null;
};

/** @throws when the answer is cut or too long */
const readAnswer = async (response: IncomingMessage): Promise<Exchange> => {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response) {
    length += (piece as Buffer).length;
    // Leaving the loop destroys the response and with it the connection.
    if (length > LONGEST_ANSWER) break;
    pieces.push(piece as Buffer);
  }
  return {
    is: "answer",
    status: response.statusCode ?? 0,
    contentType: header(response, "content-type"),
    location: header(response, "location"),
    retryAfter: header(response, "retry-after"),
    date: header(response, "date"),
    text: Buffer.concat(pieces).toString("utf8"),
  };
};
