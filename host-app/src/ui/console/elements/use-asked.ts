import { useCallback, useEffect, useRef, useState } from "react";
import type { Reply } from "../../../messages/client.ts";
import type { Refusal } from "../../../messages/envelope.ts";
import type { AnswerOf, RequestName } from "../../../messages/requests.ts";
import { useSnapshot } from "./use-model.ts";

export interface Asked<Answer> {
  /** The newest answer; stays while it is asked again, and when that is refused. */
  readonly answer: Answer | undefined;
  /** Why the newest question was not answered. */
  readonly refusal: Refusal | undefined;
  readonly askAgain: () => Promise<void>;
}

/**
 * Asks the core when the page is opened, when the connection comes back, and every few seconds if told so.
 * @param ask must be the same function as long as the question is the same: wrap it in useCallback
 * @param everyMs as long as the page can be seen
 */
export const useAsked = <Name extends RequestName>(ask: () => Promise<Reply<Name>>, everyMs?: number): Asked<AnswerOf<Name>> => {
  const { connections, standing } = useSnapshot();
  const [answer, setAnswer] = useState<AnswerOf<Name>>();
  const [refusal, setRefusal] = useState<Refusal>();
  const newest = useRef(0);
  const askAgain = useCallback(async () => {
    const number = ++newest.current;
    const reply = await ask();
    // A slow answer to an older question must not hide a newer one.
    if (number !== newest.current) return;
    if (reply.is === "refused") return setRefusal(reply.error);
    setRefusal(undefined);
    setAnswer(reply.body);
  }, [ask]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection is a reason to ask again
  useEffect(() => {
    if (standing === "connected") void askAgain();
  }, [askAgain, connections, standing]);
  useEffect(() => {
    if (everyMs === undefined) return;
    const timer = window.setInterval(() => document.visibilityState === "visible" && void askAgain(), everyMs);
    return () => window.clearInterval(timer);
  }, [askAgain, everyMs]);
  return { answer, refusal, askAgain };
};
