import { createHash, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const HELP = `Signs a release, so that window PCs take it by themselves (docs/packages.md, Updates).

Usage: node scripts/package/sign-release.ts keygen --out <name>
       node scripts/package/sign-release.ts sign --key <file> --folder <folder> --version <x.y.z> [--percentage <0..100>]

keygen writes <name>.key (private: keep it off the net) and prints the public key for shell.json; it overwrites nothing.
sign writes release.json and release.json.sig beside the installers in the folder: put the folder on the server as it is.

  --percentage  of every hundred window PCs, how many may take it; 100 by default. Sign again with more when the first ones are well.
  --help        print this

Exit codes: 0 done, 1 failed, 2 bad usage.

Examples:
  node scripts/package/sign-release.ts keygen --out releases
  node scripts/package/sign-release.ts sign --key releases.key --folder dist/packages --version 0.2.0 --percentage 10
`;

const INSTALLER = /\.(exe|AppImage)$/;

/** release.json of a folder of installers, as signed-release.ts reads it. @throws Error if it holds none */
export const releaseOf = (folder: string, version: string, percentage: number): string => {
  const names = readdirSync(folder)
    .filter((name) => INSTALLER.test(name) && name.includes(`-${version}-`))
    .sort();
  if (names.length === 0) throw new Error(`${folder} holds no installer of ${version}`);
  const hashed = names.map((name) => [
    name,
    createHash("sha512")
      .update(readFileSync(path.join(folder, name)))
      .digest("base64"),
  ]);
  return `${JSON.stringify({ product: "window-rating", version, percentage, files: Object.fromEntries(hashed) }, null, 2)}\n`;
};

const main = (): void => {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: "string" },
      key: { type: "string" },
      folder: { type: "string" },
      version: { type: "string" },
      percentage: { type: "string", default: "100" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const given = (name: "out" | "key" | "folder" | "version"): string => {
    const value = flags[name];
    if (value === undefined) throw new TypeError(`--${name} is missing`);
    return value;
  };
  const [deed] = positionals;
  if (deed === "keygen") {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    writeFileSync(`${given("out")}.key`, privateKey.export({ format: "pem", type: "pkcs8" }), { flag: "wx", mode: 0o600 });
    console.log(publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64"));
  } else if (deed === "sign") {
    const percentage = Number(flags.percentage);
    if (!(percentage >= 0 && percentage <= 100)) throw new TypeError(`--percentage ${flags.percentage}: from 0 to 100`);
    const [folder, version] = [given("folder"), given("version")];
    const text = releaseOf(folder, version, percentage);
    const signature = sign(null, Buffer.from(text), createPrivateKey(readFileSync(given("key"))));
    writeFileSync(path.join(folder, "release.json"), text);
    writeFileSync(path.join(folder, "release.json.sig"), `${signature.toString("base64")}\n`);
  } else throw new TypeError(`there are keygen and sign, not ${deed ?? "nothing"}; see --help`);
};

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = error instanceof TypeError ? 2 : 1;
  }
}
