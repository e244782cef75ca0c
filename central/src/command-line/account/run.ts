import { WindowRatingError } from "@window-rating/protocol/error";
import type { ActName } from "../../access/administration.ts";
import { type Administration, openAdministration } from "../administration.ts";
import { ACCOUNT_HELP, type AccountCommand, type NamedAct, readAccountCommand } from "./arguments.ts";
import { accountsText, accountText, keysText, resealText, startPasswordText } from "./text.ts";
import { firstPassword, type Typing } from "./typed-password.ts";

/** What these commands are given by their process. */
export interface AccountSurroundings {
  readonly databaseUrl: string | undefined;
  readonly input: Typing["input"];
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs `window-central account …` or `window-central keys …`.
 * @param given from that word on
 * @returns 0 done, 1 failed, 2 not understood
 */
export const runAccountCommand = async (given: readonly string[], surroundings: AccountSurroundings): Promise<number> => {
  try {
    const command = readAccountCommand(given, surroundings.databaseUrl);
    if (command.name === "help") {
      surroundings.out(ACCOUNT_HELP);
      return 0;
    }
    const central = await openAdministration(command.storage, command.contactKeys);
    try {
      surroundings.out(await run(command, central, surroundings));
    } finally {
      await central.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

const ACTS = {
  unlock: "unlockAccount",
  disable: "disableAccount",
  enable: "enableAccount",
  "end-sessions": "endSessions",
} as const satisfies Readonly<Record<Exclude<NamedAct, "reset">, ActName>>;

const run = async (
  command: Exclude<AccountCommand, { name: "help" }>,
  { access }: Administration,
  { input, err }: AccountSurroundings,
): Promise<string> => {
  const { by } = command;
  const shown = <T>(data: T, text: (data: T) => string): string => (command.json ? `${JSON.stringify(data)}\n` : text(data));
  switch (command.name) {
    case "list":
      return shown(await access("accounts", {}), accountsText);
    case "add": {
      const first = await firstPassword(command.password, { input, prompt: err });
      return shown(await access("addAccount", { account: command.account, first, by }), startPasswordText);
    }
    case "access": {
      const { account: name, displayName, access: wanted } = command;
      const changes = { ...(displayName === undefined ? {} : { displayName }), ...(wanted === undefined ? {} : { access: wanted }) };
      return shown(await access("changeAccess", { name, by, ...changes }), accountText);
    }
    case "reset":
      return shown(await access("resetAccount", { name: command.account, by }), startPasswordText);
    case "unlock":
    case "disable":
    case "enable":
    case "end-sessions":
      return shown(await access(ACTS[command.name], { name: command.account, by }), accountText);
    case "keys list":
      return shown(await access("keys", {}), keysText);
    case "keys rotate":
      return shown(await access("rotateKey", {}), keysText);
    case "keys reseal":
      return shown(await resealAll(access, by), resealText);
    case "keys retire":
      return shown(await access("retireKey", { keyNo: command.keyNo, evenSo: command.evenSo, by }), keysText);
  }
};

/** Run after run, until one finds nothing more; what is sealed anew stays so, whenever this is cut short. */
const resealAll = async (access: Administration["access"], by: string): Promise<{ resealed: number; unreadable: number }> => {
  let resealed = 0;
  for (;;) {
    const done = await access("resealFields", { by });
    resealed += done.resealed;
    if (!done.more) return { resealed, unreadable: done.unreadable };
  }
};
