import type { Message } from "../messages.ts";
import { fileOf, offerOf } from "../transfer-file.ts";
import type { ExchangeSetUp, ExchangeStep, RecordedExchange } from "./exchange.ts";
import { fromHex, hex, type MessageJson, messageFromJson, messageToJson } from "./message-json.ts";
import type { WholeHostInput } from "./whole-host.ts";
import type { WholePadInput } from "./whole-pad.ts";

/** An input as it stands in a recording: bytes in hexadecimal, a file as the message that would offer it. */
type InputJson = { readonly is: string; readonly bytes?: string; readonly message?: MessageJson; readonly offer?: MessageJson };

/** One step as it stands in a recording. */
export interface StepJson {
  readonly at: number;
  readonly side: "host" | "pad";
  readonly input: InputJson;
  readonly written?: readonly string[];
  readonly told?: readonly string[];
}

/** A recorded exchange as it stands in its file. */
export interface ExchangeJson {
  readonly name: string;
  readonly about: string;
  readonly limits: ExchangeSetUp["limits"];
  readonly key?: string;
  readonly takes: {
    readonly assets?: NonNullable<ExchangeSetUp["takes"]["assets"]>;
    readonly firmware?: Omit<NonNullable<ExchangeSetUp["takes"]["firmware"]>, "makerKeys"> & { readonly makerKeys: readonly string[] };
  };
  readonly random: Readonly<Record<"host" | "pad", readonly string[]>>;
  readonly steps: readonly StepJson[];
}

const inputToJson = (input: WholeHostInput | WholePadInput): InputJson => {
  if (input.is === "put") return { is: "put", offer: messageToJson(offerOf(input.file, 0)), bytes: hex(input.bytes) };
  if (input.is === "bytes") return { is: "bytes", bytes: hex(input.bytes) };
  return input.is === "send" ? { is: "send", message: messageToJson(input.message) } : input;
};

/** The input that a recording tells of; of the side whose step it is. */
export const inputFromJson = <Input extends WholeHostInput | WholePadInput>({ bytes, message, offer, ...rest }: InputJson): Input =>
  ({
    ...rest,
    ...(bytes === undefined ? {} : { bytes: fromHex(bytes) }),
    ...(message === undefined ? {} : { message: messageFromJson(message) }),
    ...(offer === undefined ? {} : { file: fileOf(messageFromJson(offer) as Message<"offerAsset" | "offerFirmware">) }),
  }) as unknown as Input;

const stepToJson = ({ at, side, input, written, told }: ExchangeStep): StepJson => ({
  at,
  side,
  input: inputToJson(input),
  ...(written.length === 0 ? {} : { written: written.map(hex) }),
  ...(told.length === 0 ? {} : { told }),
});

export const exchangeToJson = ({ name, about, limits, key, takes, random, steps }: RecordedExchange): ExchangeJson => ({
  ...{ name, about, limits },
  ...(key === undefined ? {} : { key: hex(key) }),
  takes: {
    ...(takes.assets === undefined ? {} : { assets: takes.assets }),
    ...(takes.firmware === undefined ? {} : { firmware: { ...takes.firmware, makerKeys: takes.firmware.makerKeys.map(hex) } }),
  },
  random: { host: random.host.map(hex), pad: random.pad.map(hex) },
  steps: steps.map(stepToJson),
});

/** What both ends of a recording are before its first step. */
export const setUpFromJson = ({ limits, key, takes: { assets, firmware } }: ExchangeJson): ExchangeSetUp => ({
  limits,
  ...(key === undefined ? {} : { key: fromHex(key) }),
  takes: {
    ...(assets === undefined ? {} : { assets }),
    ...(firmware === undefined ? {} : { firmware: { ...firmware, makerKeys: firmware.makerKeys.map(fromHex) } }),
  },
});
