export { cobsEncode, cobsMaxLength } from "./cobs.ts";
export { type Decoded, decodePayload, encodePayload } from "./codec.ts";
export { crc32c } from "./crc32c.ts";
export { PayloadReader } from "./fields.ts";
export { type FirmwareClaim, isSignedBy, signerOf, signFirmware } from "./firmware-signature.ts";
export {
  DEFAULT_MAX_FRAME,
  FRAME_FAULTS,
  FRAME_OVERHEAD,
  type Frame,
  type FrameFault,
  FrameReader,
  type FrameSink,
  FrameWriter,
  LARGEST_MAX_FRAME,
  PROTOCOL_VERSION,
  SECURED_FLAG,
} from "./frame.ts";
export { HostPairing, type HostPairingEffect, type HostPairingInput, PAIRING_WITHIN, type PairingFailure } from "./host-pairing.ts";
export { HostSession, type HostSessionEffect, type HostSessionInput, type HostSessionOptions } from "./host-session.ts";
export { HostTransfer, type HostTransferEffect, type HostTransferInput, type TransferOutcome } from "./host-transfer.ts";
export { DEFAULT_TIMERS, Link, type LinkCounters, type LinkEffect, type LinkInput, type LinkOptions, type LinkTimers } from "./link.ts";
export {
  ASK,
  CAPABILITIES,
  type Capability,
  type Command,
  type CommandName,
  type Delivery,
  type Direction,
  declarationOf,
  type EventName,
  isEvent,
  LARGEST_CHUNK,
  MESSAGES,
  type Message,
  type MessageDeclaration,
  type MessageName,
  messageName,
  type PadEvent,
  type Report,
  type ReportName,
} from "./messages.ts";
export { keysAfter, keysToTry, type PadKeys, withCandidate } from "./pad-keys.ts";
export { PadPairing, type PadPairingEffect, type PadPairingInput, type PairingShown } from "./pad-pairing.ts";
export { type PadIdentity, PadSession, type PadSessionEffect, type PadSessionInput, type PadSessionOptions } from "./pad-session.ts";
export {
  type FileChange,
  type FileContents,
  type FileResult,
  PadTransfer,
  type PadTransferEffect,
  type PadTransferInput,
  type PadTransferOptions,
} from "./pad-transfer.ts";
export { CODE_LENGTH, keyIdOf } from "./pairing-secrets.ts";
export { FrameGuard, GUARD_OVERHEAD, type Handshake, isSameSecret, openFrame, proofOf } from "./security.ts";
export {
  HANDSHAKE,
  type HelloAnswer,
  isTrusted,
  type SessionCounters,
  type SessionEnd,
  type SessionOptions,
  type Trust,
  versionRefusal,
} from "./session.ts";
export { type Asset, type FirmwareImage, hashOfFile, isSameFile, nameOfFile, type TransferFile } from "./transfer-file.ts";
