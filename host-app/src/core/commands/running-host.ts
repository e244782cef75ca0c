import { request } from "node:http";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Control, readControl } from "../desk/control-file.ts";
import { type HostStatus, hostStatusSchema } from "./status-shape.ts";

export type HostAnswer =
  | { readonly is: "running"; readonly pid: number; readonly deskPort: number; readonly status: HostStatus }
  | { readonly is: "not-running"; readonly why: string }
  /** Something holds the port, but tells no status. */
  | { readonly is: "silent"; readonly pid: number; readonly why: string };

/** A host that is well answers within milliseconds. */
const PATIENCE_MS = 5000;

/**
 * Asks the window-host of a data folder for its status.
 * @throws WR8006 if its control file cannot be read
 */
export const askRunningHost = async (dataDir: string): Promise<HostAnswer> => {
  const control = readControl(dataDir);
  if (control === null) return { is: "not-running", why: `no control.json in ${dataDir}` };
  try {
    const { status, body } = await get(control, "/desk/v1/status");
    if (status === 200)
      return { is: "running", pid: control.pid, deskPort: control.deskPort, status: hostStatusSchema.parse(JSON.parse(body)) };
    return { is: "silent", pid: control.pid, why: `port ${control.deskPort} answered with HTTP ${status}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") {
      return { is: "not-running", why: `process ${control.pid} ended without a clean stop` };
    }
    return { is: "silent", pid: control.pid, why: (error as Error).message };
  }
};

/** @throws WR8003 if none runs, or none that answers */
export const statusOfRunningHost = async (dataDir: string): Promise<HostStatus> => {
  const answer = await askRunningHost(dataDir);
  if (answer.is === "running") return answer.status;
  throw new WindowRatingError("WR8003", answer.why);
};

const get = ({ deskPort, token }: Control, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: deskPort,
        path,
        agent: false,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (incoming) => {
        let body = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          body += chunk;
        });
        incoming.on("error", reject);
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end();
  });
