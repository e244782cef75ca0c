import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { declarationOf, MESSAGES, type MessageName } from "./messages.ts";
import { type ExchangeJson, inputFromJson, setUpFromJson } from "./testing/exchange-json.ts";
import { fromHex } from "./testing/message-json.ts";
import { randomOf, said } from "./testing/replay.ts";
import { type EndOutput, WholeHost } from "./testing/whole-host.ts";
import { WholePad } from "./testing/whole-pad.ts";

// More conversations of the frozen version 1, behind those of frozen.test.ts: what pairs a pad, brings it files and firmware, and goes wrong
// between the two. They are played to today's host and to today's pad for ever; a test that fails here is mended in the code, never in them.
const FOLDER = new URL("../../frozen/version-1-more/", import.meta.url);
const SHA_256: Readonly<Record<string, string>> = {
  "pairings.json": "369e5e55447f1b50da6151ca600210c4905f045975b160c1adb3aac3da617379",
  "ratings.json": "c6b0e4e283c70617176c42c2f10a1dceef44908d1a67e4a951f74ba29ee27137",
  "transfers.json": "fe599c72caf4b2601a5ba061f33401605c14a36e828dcdf3828becb62c30239d",
};

const textOf = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
const exchanges = readdirSync(FOLDER).flatMap((name) => JSON.parse(textOf(name)).exchanges as ExchangeJson[]);

test("nobody has touched the further recordings of version 1", () => {
  const sums = readdirSync(FOLDER).map((name) => [name, createHash("sha256").update(textOf(name)).digest("hex")]);
  expect(Object.fromEntries(sums)).toEqual(SHA_256);
});

type Side = "host" | "pad";

/** What a side said on the line and was told, as one way to look at what was recorded and at what comes out today. */
const ofAll = (outputs: readonly EndOutput[]) => ({
  said: said(outputs.flatMap(({ written }) => written)),
  told: outputs.flatMap(({ told }) => told),
});

const recorded = (side: Side, { steps }: ExchangeJson) =>
  ofAll(steps.filter((step) => step.side === side).map(({ written = [], told = [] }) => ({ written: written.map(fromHex), told })));

const playedToHost = (exchange: ExchangeJson) => {
  const { limits, key } = setUpFromJson(exchange);
  const host = new WholeHost({ ...limits, key, random: randomOf(exchange.random.host) });
  return ofAll(exchange.steps.filter(({ side }) => side === "host").map(({ input, at }) => host.step(inputFromJson(input), at)));
};

const playedToPad = (exchange: ExchangeJson) => {
  const { limits, key, takes } = setUpFromJson(exchange);
  const pad = new WholePad({ ...limits, key, takes, random: randomOf(exchange.random.pad) });
  return ofAll(exchange.steps.filter(({ side }) => side === "pad").map(({ input, at }) => pad.step(inputFromJson(input), at)));
};

describe.each(exchanges)("$name", (exchange) => {
  test("today's host understands the pad of then, and says to it what it said", () => {
    expect(playedToHost(exchange)).toEqual(recorded("host", exchange));
  });

  test("today's pad understands the host of then, and says to it what it said", () => {
    expect(playedToPad(exchange)).toEqual(recorded("pad", exchange));
  });
});

test("every sequenced message of version 1 is in some recording, in the words of the side that says it", () => {
  const first: { steps: { effects: { is: string; bytes?: string }[] }[] }[] = JSON.parse(
    readFileSync(new URL("../version-1/sessions.json", FOLDER), "utf8"),
  ).sessions;
  const older = first.flatMap(({ steps }) => said(writtenIn(steps.flatMap(({ effects }) => effects))));
  const newer = exchanges.flatMap((exchange) => (["host", "pad"] as const).flatMap((side) => recorded(side, exchange).said));
  const heard = new Set([...older, ...newer].map(({ type }) => type));
  const sequenced = (Object.keys(MESSAGES) as MessageName[]).filter((name) => declarationOf(name).delivery === "sequenced");
  expect(sequenced.filter((name) => !heard.has(name))).toEqual([]);
});

const writtenIn = (effects: readonly { readonly is: string; readonly bytes?: string }[]): Uint8Array[] =>
  effects.flatMap(({ is, bytes }) => (is === "write" && bytes !== undefined ? [fromHex(bytes)] : []));
