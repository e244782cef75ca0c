import { createHash, createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { decodeFirmwareFile, encodeFirmwareFile } from "@window-rating/protocol/firmware";
import { signFirmware } from "@window-rating/protocol/pad";

const HELP = `Makes signed firmware images for pads, as protocol/SPEC.md (Transfers) has them. For the makers of pads.

Usage: node scripts/firmware/sign.ts keygen --out <name>
       node scripts/firmware/sign.ts sign --key <file> --model <maker/model> --version <text> --release <n> --payload <file> --out <file>
       node scripts/firmware/sign.ts show --image <file>

keygen writes <name>.key (private: keep it off the net) and <name>.pub (goes into the pads), Ed25519 in PEM; it overwrites nothing.

  --release <n>   a number that rises with every release; a pad takes only a higher one than its own
  --json          print JSON
  --help          print this

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  node scripts/firmware/sign.ts keygen --out maker
  node scripts/firmware/sign.ts sign --key maker.key --model generic/touchscreen --version 1.1.0 --release 2 --payload pad.bin --out pad-1.1.0.wrfw
  node scripts/firmware/sign.ts show --image pad-1.1.0.wrfw
`;

class BadUsage extends Error {}

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        key: { type: "string" },
        model: { type: "string" },
        version: { type: "string" },
        release: { type: "string" },
        payload: { type: "string" },
        image: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
};

type Flags = ReturnType<typeof readArguments>["values"];

const given = (flags: Flags, name: "out" | "key" | "model" | "version" | "release" | "payload" | "image"): string => {
  const value = flags[name];
  if (value === undefined || value === "") throw new BadUsage(`--${name} is missing`);
  return value;
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const keygen = (flags: Flags): object => {
  const out = given(flags, "out");
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(`${out}.key`, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  writeFileSync(`${out}.pub`, publicKey.export({ type: "spki", format: "pem" }), { flag: "wx" });
  return { private: `${out}.key`, public: `${out}.pub` };
};

/** The seed of a private key, 32 bytes. */
const seedOf = (file: string): Uint8Array => {
  const { d, crv } = createPrivateKey(readFileSync(file)).export({ format: "jwk" });
  if (crv !== "Ed25519" || d === undefined) throw new Error(`${file} is no Ed25519 private key`);
  return new Uint8Array(Buffer.from(d, "base64url"));
};

const sign = (flags: Flags): object => {
  const release = given(flags, "release");
  if (!/^[1-9]\d{0,9}$/.test(release)) throw new BadUsage(`--release ${release}: give a whole number from 1 on`);
  const payload = new Uint8Array(readFileSync(given(flags, "payload")));
  const claim = {
    model: given(flags, "model"),
    version: given(flags, "version"),
    release: Number(release),
    size: payload.length,
    hash: new Uint8Array(createHash("sha256").update(payload).digest()),
  };
  const file = encodeFirmwareFile({ is: "firmware", ...claim, ...signFirmware(seedOf(given(flags, "key")), claim) }, payload);
  // Read back before anybody else reads it: a field out of its range is found here.
  decodeFirmwareFile(file);
  writeFileSync(given(flags, "out"), file);
  return { image: given(flags, "out"), ...shown(file) };
};

const shown = (file: Uint8Array): object => {
  const { model, version, release, size, hash, signer } = decodeFirmwareFile(file).image;
  return { model, version, release, size, hash: hex(hash), signer: hex(signer) };
};

const COMMANDS: Readonly<Record<string, (flags: Flags) => object>> = {
  keygen,
  sign,
  show: (flags) => shown(new Uint8Array(readFileSync(given(flags, "image")))),
};

const run = (): void => {
  const { values, positionals } = readArguments();
  const [name = "", ...rest] = positionals;
  if (values.help) return void process.stdout.write(HELP);
  const command = rest.length === 0 && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined)
    throw new BadUsage(`there is no command "${positionals.join(" ")}"; there are ${Object.keys(COMMANDS).join(", ")}`);
  const result = command(values);
  const text = values.json
    ? JSON.stringify(result)
    : Object.entries(result)
        .map(([key, value]) => `${key.padEnd(8)} ${value}`)
        .join("\n");
  process.stdout.write(`${text}\n`);
};

try {
  run();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof BadUsage ? 2 : 1;
}
