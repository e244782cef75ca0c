import { declarationOf, type Message, type MessageName } from "../messages.ts";

/** A message as it stands in the vectors: bytes in hexadecimal, all else as it is. */
export type MessageJson = { readonly type: MessageName } & Readonly<Record<string, unknown>>;

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

const isBytes = (domain: string | undefined): boolean => domain === "bytes" || domain === "blob";

const convert = (message: object, type: MessageName, one: (value: unknown) => unknown): Record<string, unknown> => {
  const { fields } = declarationOf(type);
  return Object.fromEntries(Object.entries(message).map(([name, value]) => [name, isBytes(fields[name]?.domain.is) ? one(value) : value]));
};

export const messageToJson = (message: Message): MessageJson =>
  convert(message, message.type, (value) => hex(value as Uint8Array)) as unknown as MessageJson;

export const messageFromJson = (json: MessageJson): Message =>
  convert(json, json.type, (value) => fromHex(value as string)) as unknown as Message;
