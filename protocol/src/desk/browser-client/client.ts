/*
 * The client of a business system's page. It has no dependency, not even on the rest of this package, and no type of it: the built file and
 * its types are copied into somebody else's project.
 */

/** Where the desk API of a window PC is. */
export interface Place {
  /** Default "http://127.0.0.1:7100". */
  readonly url?: string;
}

export interface DeskOptions extends Place {
  readonly token: string;
  /** Needed where the PC serves several windows. */
  readonly windowNo?: string;
}

export interface Item {
  readonly itemCode: string;
  readonly itemName: string;
}

export interface Visit extends Item {
  readonly caseNo: string;
  readonly visitNo?: number;
}

export interface Ending {
  readonly visitNo?: number;
  /** true if the case is completed (办结), false if only this visit ended. Default true. */
  readonly completed?: boolean;
  /** Who is rated; needed where two clerks sit at the window. */
  readonly staffNo?: string;
}

/** Life of a rating request; it tells that a rating came, never its level. */
export type RequestState = "waiting" | "shown" | "rated" | "timed-out" | "expired" | "cancelled" | "superseded" | "refused-by-pad";

export interface Ended {
  readonly requestId: string;
  readonly state: RequestState;
  readonly expiresInMs: number;
}

/** What of the state most pages use; the rest is described at /desk/v1/openapi.json. */
export interface State {
  readonly windowNo: string;
  readonly clerk: { readonly staffNo: string; readonly name: string } | null;
  readonly openCase: Visit | null;
  readonly request: { readonly requestId: string; readonly caseNo: string; readonly visitNo: number; readonly state: RequestState } | null;
  readonly pad: { readonly connection: "absent" | "connecting" | "ready" | "failed"; readonly cause?: string | undefined };
}

export type DeskEvent =
  | { readonly event: "state"; readonly state: State }
  | {
      readonly event: "request";
      readonly windowNo: string;
      readonly requestId: string;
      readonly caseNo: string;
      readonly visitNo: number;
      readonly state: RequestState;
    }
  | { readonly event: "clerk-key"; readonly windowNo: string; readonly action: string; readonly key: string }
  | { readonly event: "recovery" | "notice"; readonly windowNo: string; readonly code: string | null; readonly text: string };

export interface Desk {
  signIn(clerk: { readonly staffNo: string; readonly name: string; readonly beside?: boolean }): Promise<void>;
  /** One clerk, or all. */
  signOut(staffNo?: string): Promise<void>;
  startCase(visit: Visit & { readonly staffNo?: string }): Promise<void>;
  /** Asks the citizen for a rating. */
  endCase(caseNo: string, how?: Ending): Promise<Ended>;
  endBatch(batch: Ending & { readonly batchNo?: string; readonly cases: readonly Visit[] }): Promise<Ended>;
  endTheme(theme: Ending & { readonly themeNo: string; readonly themeName: string; readonly cases: readonly Visit[] }): Promise<Ended>;
  cancelCase(caseNo: string, visitNo?: number): Promise<void>;
  inviteAgain(caseNo: string, visitNo?: number): Promise<Ended>;
  pause(text?: string): Promise<void>;
  resume(): Promise<void>;
  notice(text: string, seconds?: number): Promise<void>;
  state(): Promise<State>;
  /** Any other verb of /desk/v1/openapi.json, as in `call("clerk/stay", {})`; of this window, as all are. Without a body it is a GET. */
  call<Answer>(path: string, body?: object): Promise<Answer>;
  /**
   * The state at once, then every change; connects again by itself, and the state comes anew then.
   * @param troubled told in a sentence when the connection is gone, and with null when it is there again
   * @returns ends it
   */
  events(heard: (event: DeskEvent) => void, troubled?: (sentence: string | null) => void): () => void;
}

/** A refusal in one sentence for a person (`message`), with the code to decide by; `code` is "" if the window PC was not reached. */
export class DeskError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly advice: string;
  constructor(code: string, title: string, detail: string, advice: string) {
    super(`${code ? `${code} ` : ""}${title}: ${detail}. ${advice}.`);
    this.name = "DeskError";
    this.code = code;
    this.detail = detail;
    this.advice = advice;
  }
}

const HOME = "http://127.0.0.1:7100";
const AWAY = "Check that window-host runs on this PC, and that the browser lets this page reach it";

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** crypto.randomUUID is for secure contexts alone; a page of an intranet may be none. */
const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const ask = async <Answer>(url: string, path: string, body: object | undefined, token: string | undefined): Promise<Answer> => {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const init: RequestInit = { headers, cache: "no-store" };
  if (body) {
    init.method = "POST";
    init.body = JSON.stringify(body);
    headers["content-type"] = "application/json";
    // The second try is the same request: with this key it has one effect.
    if (token) headers["idempotency-key"] = newKey();
  }
  const send = (): Promise<Response> => fetch(`${url}/desk/v1/${path}`, init);
  const response = await send()
    .catch(() => later(300).then(send))
    .catch(() => {
      throw new DeskError("", "Window PC not reached", `nothing answers at ${url}`, AWAY);
    });
  const answer = (await response.json().catch(() => ({}))) as { error?: { code: string; title: string; detail: string; advice: string } };
  const { error } = answer;
  if (error) throw new DeskError(error.code, error.title, error.detail, error.advice);
  if (!response.ok) throw new DeskError("", "Window PC not reached", `something else answers at ${url}`, AWAY);
  return answer as Answer;
};

/**
 * Asks to be paired, and waits until a person has confirmed it on the window PC.
 * @param name of the business system; it stands on the record of every case it ends
 * @param show shows the code to the person, who compares it with the one on the window PC
 * @returns the token, for this page's origin alone; keep it in the clerk's session
 * @throws DeskError if it was refused or nobody came
 */
export const pair = async (name: string, show: (code: string) => void, { url = HOME }: Place = {}): Promise<string> => {
  const asked = await ask<{ requestId: string; secret: string; code: string }>(url, "pairings", { name }, undefined);
  show(asked.code);
  for (;;) {
    await later(1000);
    const { requestId, secret } = asked;
    const { state, token } = await ask<{ state: string; token?: string }>(url, "pairings/collect", { requestId, secret }, undefined);
    if (token) return token;
    if (state === "refused") throw new DeskError("WR5033", "Not paired", "it was refused on the window PC", "Ask IT staff");
  }
};

export const connectDesk = ({ url = HOME, token, windowNo }: DeskOptions): Desk => {
  const ofWindow = windowNo ? { windowNo } : {};
  const query = windowNo ? `?windowNo=${encodeURIComponent(windowNo)}` : "";
  const post = <Answer = void>(path: string, body: object = {}): Promise<Answer> => ask(url, path, { ...ofWindow, ...body }, token);
  const ofCase = <Answer = void>(caseNo: string, verb: string, body: object): Promise<Answer> =>
    post(`cases/${encodeURIComponent(caseNo)}/${verb}`, body);

  return {
    signIn: (clerk) => post("clerk/sign-in", clerk),
    signOut: (staffNo) => post("clerk/sign-out", { staffNo }),
    startCase: (visit) => post("cases", visit),
    endCase: (caseNo, how = {}) => ofCase(caseNo, "end", how),
    endBatch: (batch) => post("batches/end", batch),
    endTheme: (theme) => post("themes/end", theme),
    cancelCase: (caseNo, visitNo) => ofCase(caseNo, "cancel", { visitNo }),
    inviteAgain: (caseNo, visitNo) => ofCase(caseNo, "invite-again", { visitNo }),
    pause: (text) => post("pause", { text }),
    resume: () => post("resume"),
    notice: (text, seconds) => post("notice", { text, seconds }),
    state: () => ask(url, `state${query}`, undefined, token),
    call: (path, body) => (body ? post(path, body) : ask(url, path + (path.includes("?") ? "" : query), body, token)),
    events(heard, troubled = () => {}) {
      let socket: WebSocket;
      let timer: ReturnType<typeof setTimeout>;
      let failures = 0;
      let isEnded = false;
      const connect = (): void => {
        socket = new WebSocket(`${url.replace("http", "ws")}/desk/v1/events${query}`, ["window-rating.desk.v1", `bearer.${token}`]);
        socket.onmessage = ({ data }) => {
          if (failures) troubled(null);
          failures = 0;
          heard(JSON.parse(data));
        };
        socket.onclose = ({ reason }) => {
          if (isEnded) return;
          if (!failures) troubled(`Events of the window PC do not come${reason && ` (${reason})`}. ${AWAY}.`);
          // Not all pages of a PC at the same moment.
          timer = setTimeout(connect, Math.min(30_000, 500 * 2 ** failures++) * (0.5 + Math.random() / 2));
        };
      };
      connect();
      return () => {
        isEnded = true;
        clearTimeout(timer);
        socket.close();
      };
    },
  };
};
