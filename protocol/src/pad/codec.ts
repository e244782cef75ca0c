import { WindowRatingError } from "../errors/index.ts";
import { PayloadReader, PayloadWriter } from "./fields.ts";
import { declarationOf, type Message, messageName } from "./messages.ts";

const unwritable = (type: string, field: string, cause: unknown): WindowRatingError =>
  new WindowRatingError("WR1002", `${type}.${field}: ${cause instanceof WindowRatingError ? cause.detail : String(cause)}`, cause);

/** Payload of a message. @throws WR1002 if a field is out of its range */
export const encodePayload = (message: Message): Uint8Array => {
  const writer = new PayloadWriter();
  const values = message as unknown as Readonly<Record<string, unknown>>;
  const { fields } = declarationOf(message.type);
  for (const name in fields) {
    try {
      fields[name]?.write(writer, values[name]);
    } catch (cause) {
      throw unwritable(message.type, name, cause);
    }
  }
  return writer.finish();
};

/** What became of a payload. `unknown`: this version has no such message; `malformed`: the bytes do not fit its declaration. */
export type Decoded =
  | { readonly is: "message"; readonly message: Message }
  | { readonly is: "unknown"; readonly id: number }
  | { readonly is: "malformed"; readonly id: number; readonly why: string };

/** A payload that gave no message. */
export type Unusable = Exclude<Decoded, { is: "message" }>;

/** Reads a payload against the declaration of its type. Never throws. Bytes behind the last field make it malformed. */
export const decodePayload = (id: number, payload: Uint8Array): Decoded => {
  const name = messageName(id);
  if (name === undefined) return { is: "unknown", id };
  const reader = new PayloadReader(payload);
  const values: Record<string, unknown> = { type: name };
  const { fields } = declarationOf(name);
  for (const field in fields) {
    values[field] = fields[field]?.read(reader);
    if (reader.fault !== undefined) return { is: "malformed", id, why: `${name}.${field}: ${reader.fault}` };
  }
  const rest = payload.length - reader.position;
  if (rest > 0) return { is: "malformed", id, why: `${name}: ${rest} bytes behind the last field` };
  return { is: "message", message: values as unknown as Message };
};
