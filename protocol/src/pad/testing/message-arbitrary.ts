import fc from "fast-check";
import type { FieldDomain } from "../fields.ts";
import { declarationOf, MESSAGES, type Message, type MessageName } from "../messages.ts";

const encoder = new TextEncoder();

/** Any text of at most so many bytes of UTF-8, of every plane of Unicode, with NUL and a byte order mark among them. */
const text = (maxBytes: number): fc.Arbitrary<string> =>
  fc
    .string({
      unit: fc.oneof(fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), fc.constantFrom("\0", "\ufeff", "满", "😀")),
      maxLength: maxBytes,
    })
    .map((long) => {
      const characters = [...long];
      while (encoder.encode(characters.join("")).length > maxBytes) characters.pop();
      return characters.join("");
    });

/** Every value that a field may have. */
const fieldValue = (domain: FieldDomain): fc.Arbitrary<unknown> => {
  switch (domain.is) {
    case "number":
      return fc.oneof(
        fc.constantFrom(domain.min, domain.max),
        fc.maxSafeInteger().map((any) => domain.min + (Math.abs(any) % (domain.max - domain.min + 1))),
      );
    case "flag":
      return fc.boolean();
    case "name":
      return fc.constantFrom(...Object.keys(domain.names));
    case "bytes":
      return fc.uint8Array({ minLength: domain.length, maxLength: domain.length });
    case "text":
      return text(domain.maxBytes);
    case "texts":
      return fc.array(text(domain.maxBytes), { maxLength: domain.maxCount });
    case "blob":
      return fc.uint8Array({ maxLength: domain.maxBytes });
    case "codes":
      return fc.uniqueArray(fc.nat(0xffff_ffff), { maxLength: domain.maxCount }).map((codes) => codes.sort((one, other) => one - other));
  }
};

/** Every message of one declaration. */
export const messageOf = <Name extends MessageName>(name: Name): fc.Arbitrary<Message<Name>> => {
  const fields = Object.entries(declarationOf(name).fields).map(([field, { domain }]) => [field, fieldValue(domain)] as const);
  return fc.record({ type: fc.constant(name), ...Object.fromEntries(fields) }, { noNullPrototype: true }) as unknown as fc.Arbitrary<
    Message<Name>
  >;
};

export const MESSAGE_NAMES = Object.keys(MESSAGES) as MessageName[];

/** Every message there is. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...MESSAGE_NAMES.map((name) => messageOf(name) as fc.Arbitrary<Message>));
