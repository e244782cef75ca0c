import { SETTING_LIST } from "../config/index.ts";
import { shownValue } from "../config/setting.ts";
import { hostVersion } from "../host-version.ts";
import type { Command } from "./command.ts";
import { table } from "./table.ts";

const help = (): string => `Usage: window-host --data <dir> [flags]           run the window PC
       window-host status [--set-aside] …         what a running one is doing
       window-host doctor …                       find out what is wrong, and how to mend it
       window-host watch [--window <no>] …        what goes over the lines of the pads, while it goes
       window-host bundle [--out <file>] …        logs and findings in one file, without personal data
       window-host database check | rescue | …    look after the database, its backups, a damaged file
       window-host ports [--probe]                serial ports of this PC, and which pads are behind them
       window-host config --explain | --set …     settings
       window-host setup --site … --window …      set this PC up from the site file of its hall
       window-host site export | sign | check …   make that file: what all windows of a hall share
       window-host profile try|learn|… …          profiles of other makers' pads: list, check, try, learn
       window-host conformance --port <p> …       try a pad against the checklist of the protocol
       window-host pad list | pair | unpair       pads of this PC, and their pairing
       window-host pad asset | update | test      files and firmware for pads; try lamps, keys, voice, screen
       window-host clerk list | code | …          what clerks sign in with: PINs, cards, locks
       window-host screen strip | console | …     the clerk's strip and IT's console in a browser of this PC
       window-host pair --name … | --list | …     business systems that may use the desk API
       window-host open-link <url>                end a case by a one-time link of a business system

Runs until SIGINT or SIGTERM. Prints one line when it is ready; its log goes to stderr.

  --data <dir>    the data folder; or set WINDOW_RATING_DATA
  --enrol <code>  one-time code of central: makes this window PC known to it
  --json          print JSON: {"ready":true,"deskPort":7100,"pid":1234}
  --version       print the version
  --help          print this; each command has its own

Settings, each also in config.json and in the environment (window-host config --explain tells more):
${table(SETTING_LIST.map(({ flag, range, unit, default: value }) => [`  --${flag}`, `${range}${unit === null ? "" : ` ${unit}`}`, `default ${shownValue(value)}`]))}

Exit codes: 0 done, 1 failed, 2 bad usage or settings (starting again does not help).

Examples:
  window-host --data /var/lib/window-rating/window --pad auto --central https://central.example:7300 --window 12 --enrol K7QM-2XWD-9TPA
  window-host --data ./window-1 --pad /dev/ttyUSB0 --desk-port 7100
  window-host --data ./window-1 --pad tcp://127.0.0.1:4001 --json
  window-host doctor --data /var/lib/window-rating/window`;

export const helpCommand: Command = (args, { print }) => {
  print(args.includes("--version") ? hostVersion() : help());
  return 0;
};
