import { ChannelKeys } from "../channels/keys.ts";
import { issueTicket } from "../channels/tickets.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { Site } from "../ratings/site.ts";
import type { ContactKeys } from "./contact-keys.ts";

/** A week, as codes of cases have it. */
const VALID_MINUTES = 10_080;

/** Makes the address of the page on which the item of one case is rated: one person, one case, once. */
export type Invitation = (tx: Tx, caseNo: string, nowMs: number) => Promise<string>;

/**
 * A reminder invites to the page, too, and not to a reply alone (004 四(四): 登陆政务服务平台或通过回复短信). Nothing of the case is in the address.
 * @returns undefined where nobody said where citizens reach central, or pages by code are closed here
 */
export const invitationOf = (
  keys: ContactKeys,
  { publicUrl, closedChannels }: Pick<Site, "publicUrl" | "closedChannels">,
): Invitation | undefined => {
  if (publicUrl === null || closedChannels.includes("dynamic-qr")) return undefined;
  const channelKeys = new ChannelKeys(keys);
  return async (tx, caseNo, nowMs) => {
    const request = { channel: "dynamic-qr", caseNo, validMinutes: VALID_MINUTES, issuedBy: "reminder" } as const;
    const { code } = await issueTicket(tx, channelKeys, request, nowMs);
    return `${publicUrl}/Q/${code}`;
  };
};
