import type { Profile } from "@window-rating/device-profiles";

/** `1a86:7523` of every identity in the profiles, once each. */
export const usbIdsOf = (profiles: readonly Profile[]): string[] =>
  [...new Set(profiles.flatMap(({ identity }) => identity.usb.map(({ vendorId, productId }) => `${vendorId}:${productId}`)))].sort();

const attributes = (ids: string, prefix: "ATTR" | "ATTRS"): string => {
  const [vendorId, productId] = ids.split(":");
  return `${prefix}{idVendor}=="${vendorId}", ${prefix}{idProduct}=="${productId}"`;
};

/** 70-window-rating.rules: after 60-serial.rules, which tells the serial number, and before ModemManager's own rules. */
export const rulesFor = (profiles: readonly Profile[]): string => {
  const ids = usbIdsOf(profiles);
  return `# Ports of rating pads. Made from device-profiles/profiles by node scripts/udev/write-rules.ts; do not edit.
# What it does and how to install it: docs/ports.md.

ACTION=="remove", GOTO="window_rating_end"

# ModemManager sends its own bytes to every new serial port; a pad takes them for damage.
${ids.map((id) => `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ${attributes(id, "ATTR")}, ENV{ID_MM_DEVICE_IGNORE}="1"`).join("\n")}

SUBSYSTEM!="tty", GOTO="window_rating_end"
${ids.map((id) => `SUBSYSTEMS=="usb", ${attributes(id, "ATTRS")}, ENV{WINDOW_RATING_PORT}="1"`).join("\n")}
ENV{WINDOW_RATING_PORT}!="1", GOTO="window_rating_end"

# Who is in the group dialout may open the port; on Arch and its kin the group is called uucp.
GROUP="dialout", MODE="0660", ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1"

# Names that stay: by the adapter's serial number, if it has one, and by the socket that it is plugged into.
ENV{ID_SERIAL_SHORT}=="?*", SYMLINK+="window-rating/by-serial/$env{ID_SERIAL_SHORT}-if$env{ID_USB_INTERFACE_NUM}"
ENV{ID_PATH}=="?*", SYMLINK+="window-rating/by-path/$env{ID_PATH}"

# Keeps DTR up when a program closes the port: a board that starts anew at its edge then does so once, when it is plugged in.
ACTION=="add", RUN+="/bin/stty -F $devnode -hupcl"

LABEL="window_rating_end"
`;
};
