import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

const logged = (write: (logger: ReturnType<typeof createLogger>) => void, level = "info"): string => {
  const lines: string[] = [];
  write(createLogger(level, { write: (line: string) => void lines.push(line) }));
  return lines.join("");
};

test("A log line holds no secret and nothing that tells who a person is, at whatever depth", () => {
  const secrets = {
    token: "token-1",
    authorization: "Bearer short",
    clerkName: "张三样例",
    phone: "13800000000",
    citizenName: "李四样例",
    idNo: "110101190001011234",
  };
  const text = logged((logger) => {
    logger.info(secrets, "flat");
    logger.info({ request: secrets }, "one deep");
    logger.info({ call: { request: secrets, clerk: { staffNo: "1", name: "王五样例" } } }, "two deep");
    logger.info({ headers: { "sec-websocket-protocol": "bearer.secret-2" }, body: { level: 1 } }, "headers and bodies");
  });
  for (const hidden of [...Object.values(secrets), "王五样例", "secret-2", '"level":1,']) expect(text).not.toContain(hidden);
  expect(text.trim().split("\n")).toHaveLength(4);
  expect(text).toContain("two deep");
});

test("A log line holds no token in the text of a message or an error either", () => {
  const token = `wrdesk_${"a".repeat(43)}`;
  const text = logged((logger) => {
    logger.warn(`refused ${token}`);
    logger.error({ err: new Error(`header Bearer ${"b".repeat(43)} was wrong, ${token}`) }, "failed");
  });
  expect(text).not.toContain(token);
  expect(text).not.toContain("b".repeat(43));
  expect(text).toContain("refused [hidden]");
});

test("A log line stays JSON of its own, and its level is obeyed", () => {
  const text = logged((logger) => {
    logger.debug("not shown");
    logger.info({ port: 7100 }, "desk API listens");
  });
  expect(JSON.parse(text)).toMatchObject({ level: 30, port: 7100, msg: "desk API listens" });
});
