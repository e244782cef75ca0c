import type { DeskState, EndCaseAnswer } from "@window-rating/protocol/desk";
import type { WindowRatingError } from "@window-rating/protocol/error";

/** A business system of the demo and the tests: it speaks the desk API as any other would. */
export interface DeskClient {
  signIn(clerk: { staffNo: string; name: string }): Promise<void>;
  startCase(visit: { caseNo: string; itemCode: string; itemName: string }): Promise<void>;
  endCase(caseNo: string): Promise<EndCaseAnswer>;
  state(): Promise<DeskState>;
  /** The state of every window of the PC. */
  windows(): Promise<readonly DeskState[]>;
}

/** An answer of the desk API other than the one wished for. */
export class DeskRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** @param windowNo needed where the window PC serves several windows */
export const deskClient = (port: number, token: string, windowNo?: string): DeskClient => {
  const ofWindow = windowNo === undefined ? {} : { windowNo };
  const call = async <Answer>(method: "GET" | "POST", path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/desk/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { error?: ReturnType<WindowRatingError["toJSON"]> };
    if (!response.ok) throw new DeskRefusal(answer.error?.code ?? String(response.status), JSON.stringify(answer));
    return answer as Answer;
  };
  return {
    signIn: (clerk) => call("POST", "/clerk/sign-in", { ...clerk, ...ofWindow }),
    startCase: (visit) => call("POST", "/cases", { ...visit, ...ofWindow }),
    endCase: (caseNo) => call("POST", `/cases/${encodeURIComponent(caseNo)}/end`, ofWindow),
    state: () => call("GET", windowNo === undefined ? "/state" : `/state?windowNo=${encodeURIComponent(windowNo)}`),
    windows: async () => (await call<{ windows: readonly DeskState[] }>("GET", "/windows")).windows,
  };
};
