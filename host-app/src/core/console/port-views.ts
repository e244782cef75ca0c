import type { z } from "zod";
import type { foundPortSchema } from "../../messages/console-pads.ts";
import { type Asked, askAll, usbText } from "../commands/ports-command.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import { listPorts } from "../pads/port-list.ts";
import { openSerialPort } from "../pads/serial-port.ts";

/** The ports of this PC for the console; asks at those that no window has, if wanted. @throws WR2001, WR3001 */
export const portViews = async (windows: HostStatus["windows"], probe: boolean): Promise<z.input<typeof foundPortSchema>[]> => {
  const ports = await listPorts();
  const inUse = new Map(windows.flatMap(({ windowNo, pad }): [string, string][] => (pad.port === undefined ? [] : [[pad.port, windowNo]])));
  const asked = probe ? await askAll(ports, inUse, openSerialPort) : new Map<string, Asked>();
  return ports.map(({ port, stablePaths, access, proposals }) => {
    const answer = asked.get(port.path);
    return {
      path: port.path,
      about: usbText(port),
      stablePaths: [...stablePaths],
      windowNo: inUse.get(port.path) ?? null,
      access: access === null ? null : { ...access, remedy: access.remedy ?? null },
      mayBe: proposals.map(({ profileId }) => profileId),
      asked: answer === undefined || answer.is === "not-asked" ? null : answer,
    };
  });
};
