import { once } from "node:events";
import { connect } from "node:net";
import type { Profile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";

/** The host's end of a real pad's port. */
export interface PadLine {
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export interface PadLineEvents {
  bytes(chunk: Uint8Array): void;
  /** The port is gone; not called after `close`. */
  lost(): void;
}

const TCP = /^tcp:\/\/(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/]+)):(?<port>\d{1,5})$/;

/**
 * Opens a pad's port as a window PC does.
 * @param name a path as /dev/ttyUSB0 or COM3, or tcp://host:port
 * @throws WR9021
 */
export const openPadLine = async (name: string, settings: Profile["port"], events: PadLineEvents): Promise<PadLine> => {
  const tcp = TCP.exec(name)?.groups;
  try {
    return tcp === undefined ? await openSerial(name, settings, events) : await openTcp(tcp.v6 ?? tcp.host ?? "", Number(tcp.port), events);
  } catch (error) {
    throw new WindowRatingError("WR9021", `${name}: ${(error as Error).message}`, error);
  }
};

const openTcp = async (host: string, port: number, events: PadLineEvents): Promise<PadLine> => {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  let isOver = false;
  await once(socket, "connect");
  socket.on("data", (chunk) => events.bytes(chunk));
  // What went wrong shows as `close`.
  socket.on("error", () => {});
  socket.on("close", () => {
    if (!isOver) events.lost();
  });
  return {
    write: (bytes) => void (socket.writable && socket.write(bytes)),
    close: async () => {
      isOver = true;
      socket.destroy();
    },
  };
};

const openSerial = async (path: string, settings: Profile["port"], events: PadLineEvents): Promise<PadLine> => {
  const { baudRate, dataBits, stopBits, parity, flowControl } = settings;
  const flow = { rtscts: flowControl === "hardware", xon: flowControl === "software", xoff: flowControl === "software" };
  // DTR and RTS are left as they are: on some boards they are wired to the reset.
  const port = new SerialPort({ path, baudRate, dataBits, stopBits, parity, ...flow, autoOpen: false, hupcl: false, lock: true });
  let isOver = false;
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(error) : resolve()));
  });
  port.on("data", (chunk: Uint8Array) => events.bytes(chunk));
  port.on("error", () => {
    if (port.isOpen) port.close();
  });
  port.on("close", () => {
    if (!isOver) events.lost();
  });
  return {
    write: (bytes) => void (port.isOpen && port.write(bytes)),
    close: async () => {
      isOver = true;
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
};
