import { expect, test } from "vitest";
import { portRemedy, readGroups } from "./port-permission.ts";

const GROUPS = readGroups("root:x:0:\ndialout:x:20:zhang\nuucp:x:14:");

test.each([
  ["the group that owns the port, which he is to join", { gid: 14, mode: 0o660 }, "li", { is: "join-group", user: "li", group: "uucp" }],
  ["his group that he has not logged in with", { gid: 20, mode: 0o660 }, "zhang", { is: "log-in-again", user: "zhang", group: "dialout" }],
  ["that no group may use a port of root's", { gid: 0, mode: 0o660 }, "li", { is: "give-to-group", user: "li" }],
  ["that no group may use a port that denies its group", { gid: 20, mode: 0o600 }, "li", { is: "give-to-group", user: "li" }],
] as const)(
  "What lets a user open a port that is denied to him is told as facts, for words in any language: %s",
  (_, owned, user, remedy) => {
    expect(portRemedy(owned, user, GROUPS)).toEqual(remedy);
  },
);
