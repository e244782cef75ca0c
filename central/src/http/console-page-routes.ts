import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** Where set-up builds the console to (scripts/setup/screens.mjs). */
export const BUILT_CONSOLE = fileURLToPath(new URL("../../dist/web", import.meta.url));

/** In the built page, where each answer puts a nonce of its own. */
const NONCE_PLACE = "__CSP_NONCE__";

const NOT_BUILT =
  "控制台页面尚未构建：请在安装目录运行 npm run setup，然后重新启动中心。\n" +
  "The console's pages are not built: run npm run setup in the folder of the installation, then start central again.\n";

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Nothing but the console's own files runs. antd makes its style elements while it runs; the nonce lets in those and no others.
 * Framed it is by nobody, except where a browser asks for it by the name of its own machine: there the demo puts it beside the pad.
 */
const contentSecurityPolicy = (nonce: string, host: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${LOOPBACK_HOST.test(host) ? "http://127.0.0.1:* http://localhost:*" : "'none'"}`,
  ].join("; ");

export interface ConsolePageParts {
  /** The folder of the built page; default: the one that set-up builds. */
  readonly built?: string | undefined;
}

/** The pages of the console: one page for every address under /console/, and its files, whose names hold the hash of their content. */
export const consolePageRoutes = (app: FastifyInstance, { built = BUILT_CONSOLE }: ConsolePageParts = {}): void => {
  const index = existsSync(`${built}/index.html`) ? readFileSync(`${built}/index.html`, "utf8") : undefined;

  const page = (request: FastifyRequest, reply: FastifyReply) => {
    if (index === undefined) return reply.code(503).type("text/plain; charset=utf-8").send(NOT_BUILT);
    const nonce = randomBytes(18).toString("base64");
    return reply
      .headers({
        "content-security-policy": contentSecurityPolicy(nonce, request.headers.host ?? ""),
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cache-control": "no-store",
      })
      .type("text/html; charset=utf-8")
      .send(index.replaceAll(NONCE_PLACE, nonce));
  };

  if (index !== undefined) {
    app.register(fastifyStatic, {
      root: `${built}/assets`,
      prefix: "/console/assets/",
      index: false,
      immutable: true,
      maxAge: "365d",
      dotfiles: "ignore",
      decorateReply: false,
    });
  }
  app.get("/", (_request, reply) => reply.redirect("/console/"));
  app.get("/console", (_request, reply) => reply.redirect("/console/"));
  app.get("/console/", page);
  app.get("/console/*", (request, reply) => {
    // What is asked for there and not found is no page.
    if (/^\/console\/(v1|assets)(\/|$)/.test(request.url)) return reply.callNotFound();
    return page(request, reply);
  });
};
