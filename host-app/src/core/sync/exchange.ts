/** One HTTP request to central. */
export interface Post {
  readonly url: URL;
  /** Bearer token; null for an enrolment. */
  readonly token: string | null;
  /** JSON. */
  readonly text: string;
  /** Ends the request, however far it got. */
  readonly signal: AbortSignal;
}

/** How one request ended. A failure here is ordinary, so it is a value. */
export type Exchange =
  | {
      readonly is: "answer";
      readonly status: number;
      readonly contentType: string | null;
      readonly location: string | null;
      readonly retryAfter: string | null;
      readonly date: string | null;
      readonly text: string;
    }
  /** No connection came about: nothing can have reached central. */
  | { readonly is: "unreachable"; readonly reason: string }
  /** The connection ended before the answer did: central may have everything, a part or nothing. */
  | { readonly is: "cut"; readonly reason: string }
  | { readonly is: "aborted" };

/** The way to central. */
export interface Transport {
  /** Never rejects. */
  post(post: Post): Promise<Exchange>;
  /** Closes what connections are kept open. */
  close(): void;
}

/** Where a path of central's API is, also when central lives under a path of its own. */
export const centralEndpoint = (centralUrl: string, path: `/sync/v1/${string}`): URL =>
  new URL(centralUrl.replace(/[?#].*$/, "").replace(/\/+$/, "") + path);
