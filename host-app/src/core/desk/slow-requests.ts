/** How long a request may take to arrive, milliseconds, from its first byte on. */
export interface ArrivalLimits {
  /** To the last header. */
  readonly headersMs: number;
  /** To the last byte of the body. */
  readonly requestMs: number;
}

/** All requests to a window PC are small, and come from this PC or from its hall. */
export const PROMPT_ARRIVAL: ArrivalLimits = { headersMs: 3000, requestMs: 5000 };

/**
 * Options of Node's HTTP server that cut off what drips. All of them as it is made: fastify sets the limit of a whole request later, and if
 * the limit of the headers is not set with it and shorter, Node takes its own, of a minute, for the body.
 */
export const arrivingWithin = ({ headersMs, requestMs }: ArrivalLimits) => ({
  headersTimeout: Math.min(headersMs, requestMs),
  requestTimeout: requestMs,
  // Node's default of 30 s would let slow requests live for as long.
  connectionsCheckingInterval: Math.min(500, headersMs),
  maxHeaderSize: 16 * 1024,
});
