import { setTimeout as delay } from "node:timers/promises";
import { Rfc2217Client, type Rfc2217Effect, type Rfc2217Input } from "@window-rating/protocol/rfc2217";
import type { Clock } from "../clock.ts";
import type { NetworkAddress } from "./network-address.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";
import { bytesPerSecondOf, type PortSettings, type SoftReset } from "./port-settings.ts";
import { connectTo, disconnect } from "./tcp-port.ts";
import { UnheardBytes } from "./unheard-bytes.ts";

/**
 * Opens a pad behind a serial server that speaks RFC 2217, and sets its line as the pad needs it.
 * @throws WR3001 if nobody answers there, WR3003 if the port is in use, WR3008 or WR3009 if it cannot be set
 */
export const openRfc2217Port = async (
  { name, host, port }: NetworkAddress,
  settings: PortSettings,
  events: PortEvents,
  clock: Pick<Clock, "monotonicMs">,
): Promise<OpenPort> => {
  const { line, dtr, rts, softReset } = settings;
  const socket = await connectTo(name, host, port);
  const unheard = new UnheardBytes(socket);
  const client = new Rfc2217Client({ name, line, dtr, rts });
  let timer: NodeJS.Timeout | undefined;
  let failure: Error | undefined;
  let carryOut: (effect: Rfc2217Effect) => void = () => {};

  const step = (input: Rfc2217Input): void => {
    for (const effect of client.step(input, clock.monotonicMs())) {
      if (effect.is !== "write") carryOut(effect);
      else if (socket.writable) {
        socket.write(effect.bytes);
        unheard.written();
      }
    }
    clearTimeout(timer);
    const deadline = client.deadline();
    if (deadline !== undefined) timer = setTimeout(() => step({ is: "time" }), Math.max(0, Math.ceil(deadline - clock.monotonicMs())));
  };
  socket.on("data", (bytes) => step({ is: "bytes", bytes }));
  socket.on("error", (error) => {
    failure = error;
  });

  try {
    await new Promise<void>((resolve, reject) => {
      carryOut = (effect) => {
        if (effect.is === "ready") resolve();
        else if (effect.is === "failed") reject(effect.error);
      };
      socket.once("close", () => reject(client.closedError()));
      step({ is: "connected" });
    });
  } catch (error) {
    clearTimeout(timer);
    socket.destroy();
    throw error;
  }

  carryOut = (effect) => {
    if (effect.is === "data") events.bytes(effect.bytes);
    else if (effect.is === "line-state") events.lineErrors?.(effect.errors.length);
    else if (effect.is === "failed") {
      failure = effect.error;
      socket.destroy();
    }
  };
  const over = (): void => {
    clearTimeout(timer);
    events.closed(failure ?? client.closedError());
  };
  if (socket.closed) over();
  else socket.once("close", over);
  const reset = async ({ signal, pulseMs, bootMs }: SoftReset): Promise<void> => {
    const wanted = settings[signal] === "off" ? "off" : "on";
    step({ is: "signal", signal, state: wanted === "on" ? "off" : "on" });
    await delay(pulseMs);
    step({ is: "signal", signal, state: wanted });
    await delay(bootMs);
  };
  return {
    name,
    kind: "tcp",
    bytesPerSecond: bytesPerSecondOf(settings),
    write: (bytes) => step({ is: "send", bytes }),
    close: () => disconnect(socket),
    ...(softReset === null ? {} : { softReset: () => reset(softReset) }),
  };
};
