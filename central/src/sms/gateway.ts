/** One message on its way to one phone. */
export interface OutgoingSms {
  /** Names the message: the same with every try. */
  readonly key: string;
  readonly phone: string;
  readonly text: string;
  /** Short name of the item, for providers with templates of their own; "" in an answer. */
  readonly item: string;
}

/** What the gateway said. */
export type SendResult =
  | { readonly is: "accepted"; readonly gatewayId: string | null }
  /** Not taken. `again`: a later try may succeed, not before `waitMs` if it said so. */
  | { readonly is: "refused"; readonly again: boolean; readonly detail: string; readonly waitMs?: number }
  /** It was asked and no answer came: it may have the message. */
  | { readonly is: "unknown"; readonly detail: string };

/** Sends messages; one adapter for each kind of provider. Never throws. */
export interface SmsGateway {
  /** Whether it takes a message with a known key once only: then one whose fate is unknown is simply sent again. */
  readonly isIdempotent: boolean;
  /** How long one send may take, milliseconds. */
  readonly timeoutMs: number;
  send(message: OutgoingSms): Promise<SendResult>;
}
