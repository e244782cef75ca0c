import type { Carrier } from "../../messages/carrier.ts";

/** Close code of the core: the session has ended. */
const SESSION_ENDED = 4401;

/**
 * Carries messages over a WebSocket to the window-host that served the page. Whether it would be refused it asks first: a browser does not
 * tell a page why a WebSocket failed.
 * @param query which screen this is, as the address of the page says
 */
export const webSocketCarrier = (query: string): Carrier => ({
  connect(listener) {
    let socket: WebSocket | undefined;
    let isOver = false;
    const over = (cause: "lost" | "refused"): void => {
      if (isOver) return;
      isOver = true;
      socket?.close();
      listener.closed(cause);
    };
    const open = (): void => {
      socket = new WebSocket(`ws://${location.host}/socket?${query}`);
      socket.addEventListener("open", () => listener.opened());
      socket.addEventListener("message", ({ data }) => {
        if (typeof data === "string") listener.text(data);
      });
      socket.addEventListener("close", ({ code }) => over(code === SESSION_ENDED ? "refused" : "lost"));
    };
    fetch(`/session?${query}`, { cache: "no-store" }).then(
      ({ status }) => {
        if (isOver) return;
        if (status === 204) open();
        // 400 and 403: the page's address is none of this window-host's.
        else over(status === 401 || status === 400 || status === 403 ? "refused" : "lost");
      },
      () => over("lost"),
    );
    return {
      send: (text) => {
        if (socket?.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => over("lost"),
    };
  },
});
