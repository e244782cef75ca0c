import type { ActAnswer } from "../../access/administration.ts";
import type { ResealReport } from "../../access/keys/reseal.ts";
import type { Account, KeyView } from "../../access/session-schema.ts";

const time = (ms: number): string => new Date(ms).toISOString();

const scopeText = ({ scope }: Account): string =>
  scope.is === "all" ? "all" : scope.is === "agency" ? `agency ${scope.agencyCode}` : `hall ${scope.hallNo}`;

const stateText = ({ disabledAtMs, lockedUntilMs, mustChangePassword, sessions, lastSignInAtMs }: Account): string =>
  [
    ...(disabledAtMs === null ? [] : [`disabled ${time(disabledAtMs)}`]),
    ...(lockedUntilMs === null ? [] : [`locked until ${time(lockedUntilMs)}`]),
    ...(mustChangePassword ? ["start password"] : []),
    ...(sessions === 0 ? [] : [`${sessions} open`]),
    lastSignInAtMs === null ? "never signed in" : `last signed in ${time(lastSignInAtMs)}`,
  ].join("; ");

const accountLine = (account: Account): string =>
  `${account.name}  ${account.displayName}  ${account.role}, ${scopeText(account)}  (${stateText(account)})\n`;

export const accountText = (account: Account): string => accountLine(account);

export const accountsText = (accounts: readonly Account[]): string =>
  accounts.length === 0
    ? "There is no account yet: window-central account add --name <name> --role it\n"
    : accounts.map(accountLine).join("");

export const startPasswordText = ({ account, startPassword }: ActAnswer<"addAccount">): string =>
  startPassword === null
    ? accountLine(account)
    : `${accountLine(account)}Start password, told this once and good for a week: ${startPassword}\n`;

const keyState = (key: KeyView): string => {
  if (key.retiredAtMs !== null) return `retired ${time(key.retiredAtMs)}`;
  if (key.seals) return `seals since ${time(key.sealingSinceMs ?? 0)}`;
  if (key.sealingSinceMs !== null) return "opens";
  return key.waitingFor === 0 ? "opens; seals soon" : `opens; seals when ${key.waitingFor} more running central hold it`;
};

export const keysText = (keys: readonly KeyView[]): string =>
  keys
    .map((key) => {
      const sealed = Object.entries(key.sealed).filter(([, count]) => count > 0);
      const held = key.held || key.retiredAtMs !== null ? "" : "; NOT in this key file";
      const amount = sealed.length === 0 ? "nothing sealed with it" : sealed.map(([name, count]) => `${count} ${name}`).join(", ");
      return `key ${key.keyNo}  ${key.keyId}  ${keyState(key)}${held}; ${amount}\n`;
    })
    .join("");

export const resealText = ({ resealed, unreadable }: Omit<ResealReport, "more">): string =>
  `${resealed} sealed anew${unreadable === 0 ? "" : `; ${unreadable} cannot be read with any key here and stay as they are`}\n`;
