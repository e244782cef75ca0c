import { LEVELS } from "../rating.ts";
import { type KeypadDescription, keypadShapeSchema } from "./description.ts";
import { checkExamples } from "./examples.ts";
import { FrameCutter } from "./frame-cutter.ts";
import type { FrameValues, KeypadProblem, TakeProblem } from "./framing.ts";
import { KeypadProtocol } from "./protocol.ts";
import { KeypadReader } from "./reader.ts";

/** A whole description: its shape, what its parts say of each other, and its examples. Unknown keys are errors: they are nearly always slips. */
export const keypadDescriptionSchema = keypadShapeSchema.superRefine((description, context) => {
  // zod comes here with numbers out of range as well; they are told already, and nothing below is made for them.
  if (context.issues.length > 0) return;
  for (const { path, message } of checkKeypad(description)) context.addIssue({ code: "custom", path: [...path], message });
});

/** Everything that is wrong with a description of the right shape. */
const checkKeypad = (description: KeypadDescription): readonly KeypadProblem[] => {
  const problems: KeypadProblem[] = [];
  const wrong: TakeProblem = (path, message) => problems.push({ path, message });
  checkKeys(description, wrong);
  checkTimes(description, wrong);
  checkRequests(description, wrong);
  checkMoments(description, wrong);
  const protocol = KeypadProtocol.read(description, (problem) => problems.push(problem));
  if (protocol !== undefined) {
    checkFrames(protocol, wrong);
    checkAnswers(protocol, wrong);
    checkExamples(protocol, wrong);
  }
  return problems;
};

/** Keys that choose nothing by themselves: a default is never a rating that somebody gave (I10). */
const DEFAULT_KEY = /默认|default/i;

const checkKeys = ({ keys }: KeypadDescription, wrong: TakeProblem): void => {
  keys.forEach(({ key, label, level }, index) => {
    const first = keys.findIndex((other) => other.key === key);
    if (first < index) wrong(["keys", index, "key"], `"${key}" is the name of keys[${first}] already`);
    if (level === undefined) return;
    const twin = keys.findIndex((other) => other.level === level);
    if (twin < index) wrong(["keys", index, "level"], `level ${level} stands at keys[${twin}] already`);
    for (const words of [key, label ?? ""]) {
      const said = LEVELS.find(({ zh, en }) => zh === words.trim() || en.toLowerCase() === words.trim().toLowerCase());
      if (DEFAULT_KEY.test(words))
        wrong(
          ["keys", index, "level"],
          `a key "${words}" stands for no level: nobody chose one with it; write nothing with the reason instead`,
        );
      else if (said !== undefined && said.level !== level)
        wrong(
          ["keys", index, "level"],
          `the key says ${said.zh}, which is level ${said.level}, not ${level}; pads number their keys otherwise, levels never`,
        );
    }
  });
  if (keys.every(({ level }) => level === undefined)) wrong(["keys"], "holds no key with a level: nobody could rate on this pad");
};

const checkTimes = ({ repeat, guard }: KeypadDescription, wrong: TakeProblem): void => {
  if (repeat.is === "never") return;
  if (repeat.withinMs < 2 * repeat.everyMs)
    wrong(
      ["repeat", "withinMs"],
      `must be at least ${2 * repeat.everyMs}, twice everyMs: with one frame lost the next would count as a new press`,
    );
  if (guard.afterMs < repeat.withinMs)
    wrong(
      ["guard", "afterMs"],
      `must be at least ${repeat.withinMs}, repeat.withinMs: a press for the case before that is sent again would land on the next`,
    );
};

const checkRequests = ({ requests, keepAlive, repeat }: KeypadDescription, wrong: TakeProblem): void => {
  if (keepAlive.from === "host" && requests.keepAlive?.expect === undefined)
    wrong(["requests", "keepAlive"], 'is needed, with expect: keepAlive.from is "host"');
  if (keepAlive.from !== "host" && requests.keepAlive !== undefined)
    wrong(["requests", "keepAlive"], `is never sent: keepAlive.from is "${keepAlive.from}", not "host"`);
  if (repeat.is === "until-answered" && requests.acknowledge === undefined)
    wrong(["requests", "acknowledge"], 'is needed: repeat.is is "until-answered", and nothing else would make the pad stop');
  if (requests.acknowledge?.idleAfterMs !== undefined && requests.idle === undefined)
    wrong(["requests", "acknowledge", "idleAfterMs"], "needs requests.idle");
};

const checkMoments = ({ moments = {}, requests }: KeypadDescription, wrong: TakeProblem): void => {
  for (const [moment, asked = {}] of Object.entries(moments))
    for (const name of ["lamps", "beep", "voice", "stars"] as const)
      if (name in asked && requests[name] === undefined) wrong(["moments", moment, name], `needs requests.${name}`);
};

/** Every frame that the description names must be one that can be sent, and must be read as what it is. */
const checkFrames = (protocol: KeypadProtocol, wrong: TakeProblem): void => {
  const { keys, replies = [], requests, keepAlive } = protocol.description;
  keys.forEach((key, index) => {
    const role = roleOf(protocol, protocol.keyFrame(key));
    if (role === undefined)
      wrong(["keys", index, "match"], "no frame of the framing can be this: the function or the data has the wrong length");
    else if (role.is === "key" && role.key !== key) wrong(["keys", index, "match"], `fits the frame of key "${role.key.key}" as well`);
  });
  const others: [(string | number)[], Uint8Array | undefined][] = [
    [["started"], protocol.startedFrame()],
    [["keepAlive", "match"], protocol.keepAliveFrame()],
    ...replies.map((_, index): [(string | number)[], Uint8Array] => [["replies", index, "to"], protocol.replyCause(index)]),
    ...Object.keys(requests).map((name): [(string | number)[], Uint8Array | undefined] => [
      ["requests", name, "expect"],
      protocol.answerFrame(name as keyof typeof requests),
    ]),
  ];
  for (const [path, frame] of others) {
    if (frame === undefined || (path[0] === "keepAlive" && keepAlive.from !== "pad")) continue;
    const role = roleOf(protocol, frame);
    if (role === undefined) wrong(path, "no frame of the framing can be this: the function or the data has the wrong length");
    else if (role.is === "key") wrong(path, `is the frame of key "${role.key.key}"`);
  }
};

/** Requests that make a pad do something by themselves: an answer to a press must not be one of them (I12). */
const DOING = ["startRating", "cancel", "pause", "resume"] as const;

/** The answer to a press must not say something else to the pad as well: the echo of a clerk's key could light it. */
const checkAnswers = (protocol: KeypadProtocol, wrong: TakeProblem): void => {
  protocol.description.keys.forEach((key, index) => {
    const [reading] = new KeypadReader(protocol).push(protocol.keyFrame(key), 0);
    if (key.acknowledge === false || reading?.is !== "key") return;
    for (const name of ["acknowledge", "refuse"] as const) {
      const frames = protocol.request(name, {}, reading.values);
      const meant = DOING.find((other) => typeof frames !== "string" && frames.some((frame) => isRequest(protocol, other, frame)));
      if (meant !== undefined)
        wrong(["keys", index], `its answer (requests.${name}) is the frame of requests.${meant} as well; give it "acknowledge": false`);
    }
  });
};

const isRequest = (protocol: KeypadProtocol, name: (typeof DOING)[number], frame: Uint8Array): boolean =>
  new FrameCutter(protocol.toPad)
    .push(frame, 0)
    .some((cut) => cut.is === "frame" && protocol.requestsOf(cut.values).some((one) => one.name === name));

const roleOf = (protocol: KeypadProtocol, frame: Uint8Array): ReturnType<KeypadProtocol["roleOf"]> | undefined => {
  let values: FrameValues | undefined;
  for (const reading of new KeypadReader(protocol).push(frame, 0)) if (reading.is !== "rejected") values = reading.values;
  return values && protocol.roleOf(values);
};
