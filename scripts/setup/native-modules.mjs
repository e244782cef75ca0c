// Run by the pinned Node as the last step of set-up: loads each module that brings machine code and uses it once.
import process from "node:process";

/** @type {Record<string, () => Promise<string>>} by package: tries it and says what it is */
const TRIALS = {
  node: async () => {
    if (!process.version.startsWith("v24.")) throw new Error(`it is ${process.version}, wanted is 24`);
    return process.version;
  },
  "better-sqlite3": async () => {
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(":memory:");
    const version = database.prepare("select sqlite_version()").pluck().get();
    database.close();
    return `SQLite ${version}`;
  },
  serialport: async () => {
    const { SerialPort } = await import("serialport");
    return `${(await SerialPort.list()).length} serial ports here`;
  },
  "@lydell/node-pty": async () => {
    const pty = await import("@lydell/node-pty");
    return typeof pty.spawn === "function" ? "pseudo-terminals" : "";
  },
};

let failed = false;
for (const [name, trial] of Object.entries(TRIALS)) {
  try {
    console.log(`${name}: ${await trial()}`);
  } catch (error) {
    failed = true;
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
process.exit(failed ? 1 : 0);
