import { findProfile, loadProfiles, matchPorts, type Profile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { SerialPort } from "serialport";
import type { PortOpener } from "./pad-port.ts";
import { type LineSettings, openSerialPort } from "./serial-port.ts";
import { openTcpPort } from "./tcp-port.ts";

/** The line of a pad of ours, unless a profile says otherwise (protocol/SPEC.md, section 1). */
const DEFAULT_LINE: LineSettings = { baudRate: 115_200, dataBits: 8, stopBits: 1, parity: "none", flowControl: "none" };

const TCP = /^tcp:\/\/(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+)):(?<port>\d+)$/;

/**
 * How to open the pad that the configuration names.
 * @param setting `auto`, a path, or `tcp://host:port`
 * @param profileId `auto`, or a profile that is taken whatever matches
 * @throws WR2xxx if the profile is not known, WR8001 if the setting cannot be read
 */
export const choosePort = (setting: string, profileId: string): PortOpener => {
  const profile = profileId === "auto" ? undefined : findProfile(profileId);
  if (setting === "auto") return openFound(profile);
  const tcp = TCP.exec(setting)?.groups;
  if (tcp !== undefined) {
    const host = tcp.v6 ?? tcp.host;
    const port = Number(tcp.port);
    if (host === undefined || port > 65_535) throw new WindowRatingError("WR8001", `pad.port ${setting} names no port`);
    return (events) => openTcpPort(host, port, events);
  }
  return (events) => openSerialPort(setting, profile?.port ?? DEFAULT_LINE, events);
};

/** Opens the next of the ports that a profile claims, in turn at each call; whether it is a pad the handshake decides. */
const openFound = (only: Profile | undefined): PortOpener => {
  let turn = 0;
  return async (events) => {
    const profiles = only === undefined ? loadProfiles() : [only];
    const proposals = matchPorts(await SerialPort.list(), profiles);
    const proposal = proposals[turn++ % Math.max(1, proposals.length)];
    if (proposal === undefined) throw new WindowRatingError("WR3001", "no port of this PC looks like a pad that a profile knows");
    return openSerialPort(proposal.path, findProfile(proposal.profileId).port, events);
  };
};
