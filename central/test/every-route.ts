import { pino } from "pino";
import { CONSOLE_HEADER } from "../src/access/session-schema.ts";
import { type OpenStorage, openStorage } from "../src/central.ts";
import { makeEnrolmentCode } from "../src/enrolment.ts";
import { createServer } from "../src/http/server.ts";
import { createLiveFeed } from "../src/live-feed.ts";
import { readCounts } from "../src/reading/counts.ts";
import { addSystem, SCOPES } from "../src/registry/systems.ts";
import { newAccount, newSession } from "./access-world.ts";
import { TEST_KEYS } from "./business-world.ts";
import type { TestStorage } from "./storages.ts";
import { MORNING_MS, WindowPc } from "./window-pc.ts";

/** A route as the framework knows it. */
export interface Route {
  readonly method: string;
  /** With its parameters, e.g. "/api/v1/receipts/:code". */
  readonly url: string;
}

interface EveryRouteOptions {
  readonly wholeWithinMs?: number;
}

const ADMINISTRATION_TOKEN = "token of the data folder, as long as one is";
const SMS_TOKEN = "token of the gateway";

/** A central with everything that it can have, its table of routes, and whoever may ask them. */
export class EveryRoute {
  readonly db: OpenStorage["db"];
  readonly url: string;
  readonly routes: readonly Route[];
  readonly pc: WindowPc;
  nowMs = MORNING_MS;
  readonly #storage: OpenStorage;
  readonly #app: ReturnType<typeof createServer>;
  readonly #systemToken: string;
  readonly #accountNo: number;
  #session = { token: "", sinceMs: 0 };

  private constructor(parts: {
    readonly storage: OpenStorage;
    readonly app: ReturnType<typeof createServer>;
    readonly url: string;
    readonly routes: readonly Route[];
    readonly pc: WindowPc;
    readonly systemToken: string;
    readonly accountNo: number;
  }) {
    this.#storage = parts.storage;
    this.#app = parts.app;
    this.#systemToken = parts.systemToken;
    this.#accountNo = parts.accountNo;
    this.db = parts.storage.db;
    this.url = parts.url;
    this.routes = parts.routes;
    this.pc = parts.pc;
  }

  static async open({ storage }: TestStorage, { wholeWithinMs }: EveryRouteOptions = {}): Promise<EveryRoute> {
    let world: EveryRoute | undefined;
    const now = () => world?.nowMs ?? MORNING_MS;
    const log = pino({ level: "silent" });
    const opened = await openStorage(storage, now, log);
    const { db } = opened;
    const feed = createLiveFeed(
      () => readCounts(db),
      () => {},
    );
    const app = createServer({
      ...{ db, now, log, feed, contactKeys: TEST_KEYS, administrationToken: ADMINISTRATION_TOKEN },
      replies: { keys: TEST_KEYS, token: SMS_TOKEN, fields: { messageId: "messageId", phone: "phone", text: "text" } },
      ...(wholeWithinMs === undefined ? {} : { wholeWithinMs }),
    });
    // What stands in the scopes is registered when the server gets ready, and so after this.
    const routes: Route[] = [{ method: "GET", url: "/healthz" }];
    app.addHook("onRoute", ({ method, url }) => {
      for (const one of [method].flat()) if (one !== "HEAD") routes.push({ method: one, url });
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    const pc = new WindowPc("every route");
    await pc.enrol(url, (await makeEnrolmentCode(db, pc.windowNo, 60, MORNING_MS)).code);
    const { token } = await addSystem(db, { name: "样例系统", scopes: [...SCOPES] }, MORNING_MS);
    const { accountNo } = await newAccount({ db, nowMs: MORNING_MS }, { name: "it.sample", role: "it" });
    world = new EveryRoute({ storage: opened, app, url, routes, pc, systemToken: token, accountNo });
    return world;
  }

  /** Headers of whoever may ask this route: administrator, window PC, gateway, IT staff with a session, business system. */
  async headersFor({ method, url }: Route): Promise<Readonly<Record<string, string>>> {
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    if (url.startsWith("/admin/")) return bearer(ADMINISTRATION_TOKEN);
    if (url.startsWith("/sync/") || url === "/api/v1/down") return bearer(this.pc.token);
    if (url === "/api/v1/sms/replies" && method === "POST") return bearer(SMS_TOKEN);
    if (!url.startsWith("/console/")) return bearer(this.#systemToken);
    // A session ends when nothing was asked for half an hour, and one is quickly made.
    if (this.nowMs - this.#session.sinceMs > 600_000)
      this.#session = { token: await newSession(this, this.#accountNo, "it.sample"), sinceMs: this.nowMs };
    return { cookie: `window-rating=${this.#session.token}`, [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };
  }

  /** Asks a route; the path may be any, with a query. A while after what was asked before, so that no limit is met. */
  async ask(route: Route, path: string, headers: Readonly<Record<string, string>> = {}, body?: string | Uint8Array): Promise<Response> {
    this.nowMs += 5000;
    const sent = body === undefined ? {} : { body };
    const answer = await fetch(`${this.url}${path}`, {
      method: route.method,
      headers: { ...(await this.headersFor(route)), ...headers },
      redirect: "manual",
      ...sent,
    });
    // A stream of events never ends by itself.
    if (answer.headers.get("content-type")?.startsWith("text/event-stream")) await answer.body?.cancel();
    return answer;
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.#storage.close();
  }
}
