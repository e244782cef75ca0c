import { DOUBTS } from "../../config/setting-doubts.ts";

interface FindingKind {
  /** What was looked at. */
  readonly subject: string;
  /** What was found, in English, with the names of facts in {{braces}}; one that ends in Ms is a length of time. */
  readonly text: string;
  /** What to do, where the table of errors does not say it better. */
  readonly todo?: string;
}

/**
 * Everything that the doctor can find. A fact called `detail` is what another program said, in its own words; the console shows it apart.
 * The console has the Chinese of each (host-app/src/ui/console/words/doctor.ts).
 */
export const FINDING_KINDS = {
  nodeFine: { subject: "Node", text: "{{version}}" },
  nodeOld: { subject: "Node", text: "{{version}}; {{oldest}} or newer is needed" },
  folderAbsent: {
    subject: "Data folder",
    text: "{{path}} does not exist yet",
    todo: "Check --data; window-host makes the folder at its first start",
  },
  folderClosed: { subject: "Data folder", text: "{{path}} may not be written to by this user" },
  folderOpen: {
    subject: "Data folder",
    text: "{{path}} is open to every user of this PC: keys of pads, signing key and names of clerks lie in it",
    todo: 'Close it: chmod 700 "{{path}}"',
  },
  folderFine: { subject: "Data folder", text: "{{path}}, writable" },
  disk: { subject: "Disk", text: "{{free}} free" },
  settingsFine: { subject: "Settings", text: "{{set}} set, {{others}} by default" },
  settingsBad: { subject: "Settings", text: "{{detail}}" },
  windowQrNowhere: { subject: "Settings", text: DOUBTS.windowQrNowhere.what, todo: DOUBTS.windowQrNowhere.todo },
  partyEmblem: { subject: "Settings", text: DOUBTS.partyEmblem.what, todo: DOUBTS.partyEmblem.todo },
  misspelt: { subject: "Settings", text: "{{variable}} has no effect", todo: "The nearest setting is {{meant}}" },
  profileFine: { subject: "Profile", text: "{{profile}}" },
  profileBad: { subject: "Profile", text: "{{detail}}" },
  portFine: { subject: "Port", text: "{{path}}{{about}}, may be opened" },
  portConfigured: { subject: "Port", text: "{{path}}, as configured, may be opened" },
  portThere: { subject: "Port", text: "{{path}}{{about}}" },
  portAbsent: { subject: "Port", text: "{{path}} is not there" },
  portNeedsRule: {
    subject: "Port",
    text: "{{path}}{{about}} ({{rights}}) may not be opened by {{user}}",
    todo: 'No group may use {{path}}: install a udev rule that gives it to one, for example SUBSYSTEM=="tty", GROUP="dialout", MODE="0660", then sudo usermod -aG dialout {{user}}',
  },
  portNeedsGroup: {
    subject: "Port",
    text: "{{path}}{{about}} ({{rights}}) may not be opened by {{user}}",
    todo: "sudo usermod -aG {{group}} {{user}}, then log out and in again, or restart the service",
  },
  portNeedsLogIn: {
    subject: "Port",
    text: "{{path}}{{about}} ({{rights}}) may not be opened by {{user}}",
    todo: "{{user}} is in group {{group}} already, but not since the last log-in: log out and in again, or restart the service",
  },
  portIsPage: { subject: "Port", text: "a page on a tablet or a second monitor (pad.port browser)" },
  portIsNetwork: { subject: "Port", text: "{{path}}, over the network" },
  portsNone: { subject: "Ports", text: "no serial adapter is plugged in" },
  portsUnlisted: { subject: "Ports", text: "{{detail}}", todo: "Name the port: --pad /dev/ttyUSB0" },
  portsBad: { subject: "Ports", text: "{{detail}}" },
  modemManager: {
    subject: "ModemManager",
    text: "runs and talks to new serial ports, pads among them",
    todo: 'Add ENV{ID_MM_DEVICE_IGNORE}="1" to a udev rule for the pad, or stop it: sudo systemctl disable --now ModemManager',
  },
  databaseNone: { subject: "Database", text: "none yet: window-host makes it at its first start" },
  databaseFine: { subject: "Database", text: "{{path}}, schema {{schema}}, sound" },
  databaseNewer: { subject: "Database", text: "{{path}} has schema {{schema}}, this program knows {{known}}" },
  databaseDamaged: { subject: "Database", text: "{{path}}: {{detail}}" },
  databaseBad: { subject: "Database", text: "{{detail}}" },
  hostFine: { subject: "window-host", text: "runs as process {{pid}}, desk API on port {{port}}" },
  hostAway: { subject: "window-host", text: "is not running: {{detail}}" },
  hostSilent: {
    subject: "window-host",
    text: "process {{pid}} does not answer: {{detail}}",
    todo: "Look at its log and start it again; what was accepted is on disk",
  },
  hostInRescue: { subject: "window-host", text: "process {{pid}} runs, and {{detail}}" },
  hostBad: { subject: "window-host", text: "{{detail}}" },
  padReady: { subject: "Pad", text: "{{about}}" },
  padUnpaired: { subject: "Pad", text: "{{about}}, unpaired" },
  padConnecting: { subject: "Pad", text: "connecting: {{detail}}" },
  padAbsent: { subject: "Pad", text: "absent: {{detail}}" },
  padFailed: { subject: "Pad", text: "failed: {{detail}}" },
  tripsUnmeasured: { subject: "Round trip", text: "not measured yet" },
  tripsFine: {
    subject: "Round trip",
    text: "{{halfMs}} half of them, {{mostMs}} 99 of 100, longest {{longestMs}}, {{samples}} measured ({{bars}})",
  },
  tripsSlow: {
    subject: "Round trip",
    text: "{{halfMs}} half of them, {{mostMs}} 99 of 100, longest {{longestMs}}, {{samples}} measured ({{bars}})",
    todo: "Shorten the cable, plug the adapter in without a hub, and set its latency timer to 1 ms",
  },
  framesFine: { subject: "Frames", text: "{{frames}} good, none bad" },
  framesSomeBad: { subject: "Frames", text: "{{frames}} good, {{bad}} bad: {{faults}}" },
  framesOfOther: { subject: "Frames", text: "{{frames}} good, {{bad}} bad: {{faults}}" },
  framesBad: { subject: "Frames", text: "{{frames}} good, {{bad}} bad: {{faults}}", todo: "Check cable, adapter and baud rate" },
  firmwareFaulty: { subject: "Pad's firmware", text: "{{detail}}" },
  inUseDamaged: { subject: "Database in use", text: "{{detail}}" },
  inUseUnsafe: { subject: "Database in use", text: "synchronous {{synchronous}}, journal {{journal}}" },
  inUseNoBackup: { subject: "Database in use", text: "synchronous FULL, journal wal, no backup yet" },
  inUseFine: { subject: "Database in use", text: "synchronous FULL, journal wal, backup {{backup}}" },
  notEnrolled: { subject: "Enrolment", text: "this window PC is not enrolled at central" },
  queueEmpty: { subject: "Queue", text: "nothing waits for central" },
  queueWaiting: { subject: "Queue", text: "{{waiting}} wait for central, the oldest for {{ageMs}}" },
  queueHeldUp: { subject: "Queue", text: "{{waiting}} wait for central, the oldest for {{ageMs}}: {{detail}}" },
  setAside: { subject: "Set aside", text: "central refused {{entries}}" },
  ratingsFine: { subject: "Ratings", text: "{{ratings}}" },
  ratingsUnbound: { subject: "Ratings", text: "{{ratings}}, and {{unbound}} for requests that this window PC does not know" },
  clockUnknown: { subject: "Clock", text: "not compared with central yet" },
  clockBehind: { subject: "Clock", text: "{{offsetMs}} behind central" },
  clockAhead: { subject: "Clock", text: "{{offsetMs}} ahead of central" },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingName = keyof typeof FINDING_KINDS;
