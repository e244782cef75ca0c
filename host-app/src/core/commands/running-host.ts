import { request } from "node:http";
import { ERRORS, type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { type Control, readControl } from "../desk/control-file.ts";
import { type HostStatus, hostStatusSchema } from "./status-shape.ts";

export type HostAnswer =
  | { readonly is: "running"; readonly pid: number; readonly deskPort: number; readonly status: HostStatus }
  /** Its database is damaged, and it serves nothing but the rescue. */
  | { readonly is: "rescue"; readonly pid: number; readonly why: string }
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
    const { status, body } = await ask(control, "/desk/v1/status");
    if (status === 200)
      return { is: "running", pid: control.pid, deskPort: control.deskPort, status: hostStatusSchema.parse(JSON.parse(body)) };
    const refusal = refusalSchema.safeParse(jsonOf(body)).data?.error;
    if (refusal?.code === "WR4001") return { is: "rescue", pid: control.pid, why: refusal.detail };
    return { is: "silent", pid: control.pid, why: `port ${control.deskPort} answered with HTTP ${status}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") {
      return { is: "not-running", why: `process ${control.pid} ended without a clean stop` };
    }
    return { is: "silent", pid: control.pid, why: (error as Error).message };
  }
};

/** @throws WR8003 if none runs, or none that answers; WR4001 if it serves nothing but the rescue of its database */
export const statusOfRunningHost = async (dataDir: string): Promise<HostStatus> => {
  const answer = await askRunningHost(dataDir);
  if (answer.is === "running") return answer.status;
  if (answer.is === "rescue") throw new WindowRatingError("WR4001", `process ${answer.pid} runs, and ${answer.why}`);
  throw new WindowRatingError("WR8003", answer.why);
};

/**
 * Asks the window-host of a data folder for something that its commands alone may ask.
 * @param body undefined: a GET
 * @throws WR8003 if none runs, WR8006 if its control file cannot be read, and whatever it refuses with
 */
export const askDesk = async (dataDir: string, path: string, body?: object): Promise<unknown> => {
  const control = readControl(dataDir);
  if (control === null) throw new WindowRatingError("WR8003", `no control.json in ${dataDir}`);
  return contentOf(control, path, body);
};

/** Asks whichever window-host listens on this port for something that any program of this PC may ask. @throws as `askDesk` */
export const askOpenDesk = (deskPort: number, path: string, body: object): Promise<unknown> => contentOf({ deskPort }, path, body);

const contentOf = async (control: Asked, path: string, body: object | undefined): Promise<unknown> => {
  const answer = await ask(control, path, body).catch((error: Error) => {
    throw new WindowRatingError("WR8003", error.message, error);
  });
  const content: unknown = JSON.parse(answer.body);
  if (answer.status === 200) return content;
  const refusal = refusalSchema.safeParse(content);
  if (!refusal.success) throw new WindowRatingError("WR8003", `port ${control.deskPort} answered with HTTP ${answer.status}`);
  const { code, detail } = refusal.data.error;
  throw new WindowRatingError(code as ErrorCode, detail);
};

const refusalSchema = z.object({ error: z.object({ code: z.string().refine((code) => Object.hasOwn(ERRORS, code)), detail: z.string() }) });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Without a token it is asked as anybody. */
type Asked = Pick<Control, "deskPort"> & Partial<Pick<Control, "token">>;

const ask = ({ deskPort, token }: Asked, path: string, body?: object): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: deskPort,
        path,
        agent: false,
        method: body === undefined ? "GET" : "POST",
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("error", reject);
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
