import { PATIENCE_MS } from "../../messages/client.ts";

/** For the answer's own way to the screen. */
const MARGIN_MS = 2000;

/** So long a question to central may take while a screen waits for it, milliseconds. */
export const QUESTION_MS = PATIENCE_MS - MARGIN_MS;

/**
 * Ends a question to central before the screen takes this program for lost. Of a central that does not answer the screen is then told just
 * that, and nothing happens behind its back after it was told of a failure.
 */
export const untilScreenGivesUp = (): AbortSignal => AbortSignal.timeout(QUESTION_MS);
