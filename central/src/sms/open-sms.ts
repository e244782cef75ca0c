import { WindowRatingError } from "@window-rating/protocol/error";
import type { ContactKeys } from "./contact-keys.ts";
import type { SmsGateway } from "./gateway.ts";
import { readGatewayFile, secretOf } from "./gateway-file.ts";
import { httpGateway } from "./http-gateway.ts";

/** How replies come in. */
export interface ReplyDoor {
  readonly keys: ContactKeys;
  readonly token: string;
  /** By which names the gateway sends the fields. */
  readonly fields: { readonly messageId: string; readonly phone: string; readonly text: string };
}

/** Everything that is needed to send messages and take replies. */
export interface Sms {
  readonly gateway: SmsGateway;
  readonly keys: ContactKeys;
  /** Undefined where the gateway file says nothing of replies. */
  readonly replies: ReplyDoor | undefined;
}

/**
 * Reads a gateway file.
 * @param environment where its secrets are
 * @throws WindowRatingError WR7036; WR7037 without keys, for then no phone on file can be read
 */
export const openSms = (path: string, keys: ContactKeys | undefined, environment: Readonly<Record<string, string | undefined>>): Sms => {
  if (keys === undefined) throw new WindowRatingError("WR7037", "Without contact keys no phone on file can be read");
  const file = readGatewayFile(path);
  const { replies } = file;
  return {
    gateway: httpGateway(file, environment),
    keys,
    replies: replies === undefined ? undefined : { keys, token: secretOf(environment, replies.tokenEnv), fields: replies.fields },
  };
};
