import { randomBytes } from "node:crypto";
import { findProfile, type Profile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";
import { type Clock, systemClock } from "../clock.ts";
import type { WindowConfig } from "../config/window-list.ts";
import { keypadPort } from "./keypad-port.ts";
import { networkAddress } from "./network-address.ts";
import { PadFinder } from "./pad-finder.ts";
import type { PortOpener } from "./pad-port.ts";
import { DEFAULT_SETTINGS, type PortSettings, settingsOf } from "./port-settings.ts";
import { openRfc2217Port } from "./rfc2217-port.ts";
import { openSerialPort } from "./serial-port.ts";
import { openTcpPort } from "./tcp-port.ts";

/**
 * How to open the pad of a window.
 * @param profile null: whatever the pad says it is
 * @throws WR8001 if its port cannot be read
 */
export const windowPort = (
  { port: path, serialNumber }: Pick<WindowConfig["pad"], "port" | "serialNumber">,
  profile: Profile | null,
  finder: PadFinder,
  clock: Pick<Clock, "monotonicMs">,
): PortOpener => {
  const settings = profile === null ? DEFAULT_SETTINGS : settingsOf(profile);
  const network = networkPort(path, settings, clock);
  if (network !== undefined) return network;
  if (profile?.protocol === "keypad") {
    const open = (port: string, events: Parameters<PortOpener>[0]) => finder.openNamed(port, settings, events);
    return keypadPort({ profile, path, adapter: serialNumber, list: () => SerialPort.list(), open });
  }
  if (path === "auto") return (events) => finder.find({ serialNumber, profile, named: null }, events);
  const openNamed: PortOpener = (events) => finder.openNamed(path, settings, events);
  if (serialNumber === null) return openNamed;

  // A pad that is known by its serial number may be behind another name by now: it is looked for where the name leads nowhere, and
  // every second time, for then the name may lead to another pad.
  let turn = 0;
  return async (events) => {
    if (turn++ % 2 === 1) return finder.find({ serialNumber, profile, named: path }, events);
    try {
      return await openNamed(events);
    } catch (error) {
      if (!(error instanceof WindowRatingError) || error.code !== "WR3001") throw error;
      return finder.find({ serialNumber, profile, named: null }, events).catch(() => {
        throw error;
      });
    }
  };
};

/** How to open a port behind a serial server; undefined if the name is none of one. @throws WR8001 if it cannot be read */
const networkPort = (name: string, settings: PortSettings, clock: Pick<Clock, "monotonicMs">): PortOpener | undefined => {
  const address = networkAddress(name);
  if (address !== undefined) {
    return address.protocol === "tcp"
      ? (events) => openTcpPort(address, events)
      : (events) => openRfc2217Port(address, settings, events, clock);
  }
  if (name.includes("://")) throw new WindowRatingError("WR8001", `pad.port ${name} names no port`);
  return undefined;
};

/**
 * How to open a port of which nothing is known but its name and how its line is set.
 * @throws WR8001 if the name cannot be read
 */
export const namedPort = (name: string, settings: PortSettings, clock: Pick<Clock, "monotonicMs">): PortOpener =>
  networkPort(name, settings, clock) ?? ((events) => openSerialPort(name, settings, events));

/**
 * How a tool opens a port, which belongs to no window.
 * @param port `auto`, a path, `tcp://host:port` or `rfc2217://host:port`
 * @param profile `auto`, or a profile that is taken whatever matches
 * @throws as windowPort, and WR2xxx if the profile is not known
 */
export const choosePort = (port: string, profile: string): PortOpener => {
  const clock = systemClock();
  const finder = new PadFinder({ clock, random: randomBytes, spokenFor: [] });
  return windowPort({ port, serialNumber: null }, profile === "auto" ? null : findProfile(profile), finder, clock);
};
