import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";
import { requireLoopback } from "./loopback.ts";

/** The page may be framed by pages of this machine (the demo does), and loads nothing but its own files. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
].join("; ");

const FILES = [
  { path: "/", name: "index.html", type: "text/html" },
  { path: "/page.css", name: "page.css", type: "text/css" },
  { path: "/page.js", name: "page.js", type: "text/javascript" },
  { path: "/icon.svg", name: "icon.svg", type: "image/svg+xml" },
] as const;

/** The page that lists ratings live. */
export const pageRoutes = (app: FastifyInstance): void => {
  app.addHook("onRequest", requireLoopback);
  for (const { path, name, type } of FILES) {
    const content = readFileSync(new URL(`web/${name}`, import.meta.url));
    app.get(path, (_request, reply) =>
      reply
        .headers({
          "content-type": `${type}; charset=utf-8`,
          "content-security-policy": CONTENT_SECURITY_POLICY,
          "referrer-policy": "no-referrer",
          "cache-control": "no-cache",
        })
        .send(content),
    );
  }
};
