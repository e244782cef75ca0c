// Writes protocol/frozen/version-1 once, when the version is frozen. What is there is never written again: it refuses.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { declarationOf, MESSAGES, type MessageName } from "../messages.ts";
import { jsonText } from "./json-text.ts";
import { makeVectors } from "./vectors.ts";

/** Every message as the wire has it: what may never change within a version. Words for people are left out. */
export const wireForms = () =>
  (Object.keys(MESSAGES) as MessageName[]).map((name) => {
    const { id, direction, delivery, secured, since, needs, fields } = declarationOf(name);
    const forms = Object.entries(fields).map(([field, { kind, domain }]) => ({ field, kind, domain }));
    return { name, id, direction, delivery, secured, since, needs: needs ?? [], fields: forms };
  });

if (import.meta.main) {
  const folder = join(import.meta.dirname, "..", "..", "..", "frozen", "version-1");
  if (existsSync(folder)) {
    process.stderr.write(`${folder} is frozen: a version that differs gets a folder of its own\n`);
    process.exitCode = 1;
  } else {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of makeVectors()) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, "messages.json"), jsonText({ messages: wireForms() }));
  }
}
