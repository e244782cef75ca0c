import { once } from "node:events";
import { connect } from "node:net";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { endPromptly } from "./prompt-end.ts";

test("a connection that never said anything does not hold up the end, and one that is being answered is answered", async () => {
  const app = Fastify({ forceCloseConnections: "idle" });
  endPromptly(app);
  let answer: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    app.get("/", async () => {
      resolve();
      await new Promise<void>((done) => {
        answer = done;
      });
      return { well: true };
    });
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const accepted = once(app.server, "connection");
  const silent = connect(Number(new URL(url).port), "127.0.0.1").resume();
  await accepted;
  const answered = fetch(url);
  await asked;
  const ended = once(silent, "close");
  const closing = app.close();
  await ended;
  answer();
  expect(await (await answered).json()).toEqual({ well: true });
  await closing;
});
