/**
 * Pads of other makers, described by data.
 *
 *   keypadDescriptionSchema                       zod; checks a description's shape, its references, and every example in it
 *   KeypadProtocol.of(description)                made ready for use; stateless, may be shared
 *   new KeypadReader(protocol)                    .push(bytes, now) / .time(now) → readings; .deadline(); .rejected counts
 *   protocol.request(name, numbers)               → frames to write
 *   readingText(protocol, reading)                a reading in one line for people: what it is, or where reading stopped and why
 *
 *   new KeypadSession(protocol)                   the host's end, pure: .step(input, now) → effects; .deadline(); .counters; .isAlive
 *     inputs   opened, closed, bytes, time, startRating {requestId, timeoutMs}, endRating {requestId, because: cancelled | timed-out},
 *              stored {requestId}, pause, resume, clerk {stars}, ask {request: lamps | voice | stars | beep | pause | resume, numbers}
 *     effects  write {bytes}, alive {proven}, lost {cause}, shown {requestId}, pressed {requestId, level, key, sinceOpenMs, again},
 *              action {action, key}, discarded {key, because}, unanswered {request}, unwritable, unknown {bytes}, rejected {reason, bytes}
 *
 * Drive it as HostSession is driven: opened when the port opens, bytes as they come, time at its deadline, closed when the port closes.
 * A press is answered to the pad after `stored` (I1), so give that as soon as the rating is committed. The open request outlives a
 * closed port: it is shown again when the pad is back. All times are monotonic milliseconds.
 */
export { hexOf, joined, parseHexText, sameBytes } from "./byte-text.ts";
export { keypadDescriptionSchema } from "./check.ts";
export {
  CLERK_ACTIONS,
  type ClerkAction,
  type KeyMeaning,
  type KeypadDescription,
  type KeypadKey,
  meaningOf,
  type Rejection,
  type RequestName,
  type RequestNumbers,
} from "./description.ts";
export { type FittingChecksum, fittingChecksums, readingText } from "./explain.ts";
export { FrameCutter } from "./frame-cutter.ts";
export { KeypadProtocol } from "./protocol.ts";
export { KeypadReader, type KeypadReading } from "./reader.ts";
export { KeypadSession } from "./session.ts";
export type { DiscardReason, KeypadCounters, KeypadEffect, KeypadInput, SideRequest } from "./session-signals.ts";
