import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";
import { deviceAt } from "./device-id.ts";
import { ModemSignals } from "./modem-signals.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";
import { bytesPerSecondOf, type PortSettings } from "./port-settings.ts";

/** How long DTR and RTS stand the other way when they are toggled, milliseconds: longer than any reset circuit needs. */
const LINES_TOGGLED_MS = 250;

/** The error that tells a person what to do, made from what the system said. */
export const serialError = (path: string, error: Error): WindowRatingError => {
  const said = error.message;
  if (/no such file|not found|cannot find|ENOENT|ENXIO|ENODEV/i.test(said))
    return new WindowRatingError("WR3001", `${path} is not there`, error);
  if (/cannot lock port|resource temporarily unavailable|busy|EBUSY|ELOCKED/i.test(said)) {
    return new WindowRatingError("WR3003", `${path} is held by another program`, error);
  }
  if (/permission denied|access denied|operation not permitted|EACCES|EPERM/i.test(said))
    return new WindowRatingError("WR3002", `${path} may not be opened by this user`, error);
  return new WindowRatingError("WR3005", `${path}: ${said}`, error);
};

/** How often the name of an open port is looked at, milliseconds. */
const LOOK_EVERY_MS = 250;

/**
 * Tells once when the name of an open port no longer leads to the device that was opened. A tty whose other end is gone reads as
 * "nothing yet" and tells only at the next write (measured with serialport 13 on Linux), so waiting for an error would cost a second.
 */
const watchDevice = (path: string, gone: () => void): (() => void) => {
  const opened = deviceAt(path);
  if (opened === undefined) return () => {};
  const timer = setInterval(() => {
    if (deviceAt(path) !== opened) gone();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
};

/** Opens a serial port as its pad needs it. @throws WR3001, WR3002, WR3003, WR3005 */
export const openSerialPort = async (path: string, settings: PortSettings, events: PortEvents): Promise<OpenPort> => {
  const { baudRate, dataBits, stopBits, parity, flowControl } = settings.line;
  const flow = { rtscts: flowControl === "hardware", xon: flowControl === "software", xoff: flowControl === "software" };
  const port = new SerialPort({ path, baudRate, dataBits, stopBits, parity, ...flow, autoOpen: false, hupcl: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(serialError(path, error)) : resolve()));
  });
  let failure: Error | undefined;
  let isOver = false;
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    unwatch();
    events.closed(failure);
  };
  const unwatch = watchDevice(path, () => {
    failure = new WindowRatingError("WR3001", `${path} was unplugged`);
    unwatch();
    if (port.isOpen) port.close(() => over());
  });
  port.on("data", (chunk: Uint8Array) => events.bytes(chunk));
  port.on("error", (error) => {
    failure = serialError(path, error);
    if (port.isOpen) port.close(() => over());
    else over();
  });
  port.on("close", over);
  const signals = new ModemSignals(port, settings);
  await signals.settle(path);
  const { softReset } = settings;
  return {
    name: path,
    kind: "serial",
    bytesPerSecond: bytesPerSecondOf(settings),
    write: (bytes) => {
      if (port.isOpen) port.write(bytes);
    },
    close: async () => {
      unwatch();
      if (!port.isOpen) return;
      // What was written last, for instance a goodbye, shall still go out; a dead line must not hold the closing up.
      await new Promise<void>((resolve) => {
        port.close(() => resolve());
      });
    },
    toggleLines: () => signals.toggle(LINES_TOGGLED_MS),
    ...(softReset === null ? {} : { softReset: () => signals.reset(softReset) }),
  };
};
