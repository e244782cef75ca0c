import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { CONSOLE_PREFIX, type RouteName } from "../../console/contract/routes.ts";
import { type CallOf, streamAddress } from "./call.ts";
import { SESSION_KEY } from "./session.ts";

export type LiveState = "connecting" | "live" | "lost";

/** How soon a stream that the browser gave up is opened again. */
const AGAIN_MS = 5000;

/**
 * Keeps answers fresh while a page is open: each hint of central's stream makes them be asked anew. Hints carry no data, so none that
 * gets lost can make the page wrong; after every break all is asked anew.
 * @param names routes whose answers the hints are about
 */
export const useLive = (given: CallOf<"liveStream">, names: readonly RouteName[]): LiveState => {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>("connecting");
  const address = streamAddress("liveStream", given, CONSOLE_PREFIX);
  const asked = names.join();
  useEffect(() => {
    let stream: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = (): void => {
      for (const name of asked.split(",")) void queries.invalidateQueries({ queryKey: [name] });
    };
    const open = (): void => {
      stream = new EventSource(address);
      stream.addEventListener("open", () => {
        setState("live");
        refresh();
      });
      stream.addEventListener("changed", refresh);
      stream.addEventListener("ended", () => void queries.invalidateQueries({ queryKey: SESSION_KEY }));
      stream.addEventListener("error", () => {
        setState("lost");
        // The browser comes back by itself after a break, but not after an answer that is no stream.
        if (stream.readyState !== EventSource.CLOSED) return;
        void queries.invalidateQueries({ queryKey: SESSION_KEY });
        timer = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [queries, address, asked]);
  return state;
};
