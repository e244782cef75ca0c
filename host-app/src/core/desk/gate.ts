import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Caller } from "../cases/window-desk.ts";
import type { Clock } from "../clock.ts";
import type { DeskLimits } from "./desk-limits.ts";
import type { StreamReader } from "./event-stream.ts";
import { type Admitted, admit, bearerToken, checkContentType, checkHost, checkOrigin, subprotocolToken } from "./guards.ts";
import { OriginBuckets } from "./origin-buckets.ts";
import type { Pairing, Pairings } from "./pairings.ts";
import { TokenBucket } from "./token-bucket.ts";
import type { Access } from "./verbs.ts";

interface GateOptions {
  readonly pairings: Pairings;
  readonly controlToken: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly limits: DeskLimits;
}

/** What every request passes before its body is read: the guards in their order, and the rates. */
export class Gate {
  /** Known once the server listens; until then no Host fits. */
  port = 0;
  readonly #options: GateOptions;
  readonly #refusals: TokenBucket;
  /** By pairing, by origin that is in one, and by verb for programs without a token; control has one. */
  readonly #calls = new Map<string, TokenBucket>();
  readonly #asking: OriginBuckets;
  readonly #admitted = new WeakMap<FastifyRequest, Admitted>();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#refusals = new TokenBucket(options.limits.refusals, options.clock.monotonicMs());
    this.#asking = new OriginBuckets(options.limits.asking, options.clock.monotonicMs());
  }

  /**
   * @param access of the verb; undefined where nothing is done, as for a preflight or an address that does not exist
   * @throws WR5001, WR5002, WR5011, WR5014, WR8006
   */
  pass(request: FastifyRequest, reply: FastifyReply, access: Access | undefined): void {
    reply.headers(PLAIN_HEADERS);
    const admitted = this.#guard(request, reply, access);
    this.#admitted.set(request, admitted);
    if (!this.#mayCall(request, admitted)) throw tooMany(reply, "this caller sends more requests than any window needs");
    if (access !== undefined && request.method === "POST") checkContentType(request.headers);
  }

  callerOf(request: FastifyRequest): Caller {
    const admitted = this.#admitted.get(request);
    return { name: admitted?.is === "paired" ? admitted.pairing.name : "window-host" };
  }

  /** Names a paired caller for as long as its pairing stands; undefined for any other. */
  pairingKeyOf(request: FastifyRequest): string | undefined {
    const admitted = this.#admitted.get(request);
    return admitted?.is === "paired" ? admitted.pairing.tokenHash : undefined;
  }

  readerOf(request: FastifyRequest): Omit<StreamReader, "socket" | "desks"> {
    const pairing = this.#pairingOf(request);
    return { name: pairing.name, stillPaired: () => this.#options.pairings.stillHold(pairing) };
  }

  #pairingOf(request: FastifyRequest): Pairing {
    const admitted = this.#admitted.get(request);
    if (admitted?.is !== "paired") throw new WindowRatingError("WR5001", "the stream is for paired programs");
    return admitted.pairing;
  }

  #guard(request: FastifyRequest, reply: FastifyReply, access: Access | undefined): Admitted {
    const { pairings } = this.#options;
    try {
      checkHost(request.raw.headersDistinct.host, this.port);
      const origin = checkOrigin(request.headers, pairings, mayAsk(request));
      reply.header("Vary", "Origin");
      if (origin !== undefined) {
        reply.header("Access-Control-Allow-Origin", origin);
        reply.header("Access-Control-Expose-Headers", "Retry-After");
      }
      const token = bearerToken(request.headers) ?? (request.ws ? subprotocolToken(request.headers) : undefined);
      const admitted = admit(access ?? "anyone", token, origin, this.#options);
      if (admitted.is === "paired") pairings.used(admitted.pairing, this.#options.clock.wallMs());
      return admitted;
    } catch (error) {
      this.#refuse(request, reply, error);
      throw error;
    }
  }

  /** Counts a refusal; one too many is answered with 429 and leaves no line in the log. */
  #refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    if (!this.#refusals.take(this.#options.clock.monotonicMs())) throw tooMany(reply, "too many requests were refused");
    const { code, detail } = error as Partial<WindowRatingError>;
    this.#options.logger.warn({ code, detail, path: request.routeOptions.config.declaredPath }, "desk request refused");
  }

  /** Whoever has no token has what is theirs alone, too: any page of the world may ask, and must not use up what a paired one needs. */
  #mayCall(request: FastifyRequest, admitted: Admitted): boolean {
    if (admitted.is === "paired") return this.#take(`pairing ${admitted.pairing.tokenHash}`);
    if (admitted.is === "control") return this.#take("control");
    const { origin } = request.headers;
    const { declaredPath = "" } = request.routeOptions.config;
    if (origin !== undefined && this.#options.pairings.allowOrigin(origin)) return this.#take(`origin ${origin}`);
    if (mayAsk(request)) return this.#asking.take(origin, this.#options.clock.monotonicMs());
    return this.#take(`path ${declaredPath}`);
  }

  #take(key: string): boolean {
    const now = this.#options.clock.monotonicMs();
    let bucket = this.#calls.get(key);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#options.limits.calls, now);
      this.#calls.set(key, bucket);
    }
    return bucket.take(now);
  }
}

/** Whether pages of any origin may send it: they ask to be paired. */
const mayAsk = ({ routeOptions: { config } }: FastifyRequest): boolean => config.access === "asking" || config.isForAsking === true;

const PLAIN_HEADERS = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin" };

const tooMany = (reply: FastifyReply, detail: string): WindowRatingError => {
  reply.header("Retry-After", "1");
  return new WindowRatingError("WR5011", detail);
};
