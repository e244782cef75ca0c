import { Exchange, type RecordedExchange } from "./exchange.ts";
import { PAIRING_KEY } from "./security-vectors.ts";

/** Two people pair the two, as far as the code that is asked for. */
const offer = (it: Exchange): void => {
  it.host({ is: "pair" });
  it.wait(300);
  it.pad({ is: "asked" });
  it.wait(200);
  it.expect("host", "ask");
};

const toTheEnd = (it: Exchange): void => {
  it.host({ is: "typed", code: it.code });
  it.wait(400);
  it.pad({ is: "pressed" });
  it.wait(600);
};

const whole = (): RecordedExchange => {
  const it = new Exchange(201).begin();
  it.expect("host", "ready unpaired");
  offer(it);
  toTheEnd(it);
  it.expect("host", "paired");
  it.expect("pad", "ready paired");
  it.say({ type: "identify", durationMs: 2000 });
  return it.end(
    "a pairing, from the held key to the first secured message",
    "The PC asks for it; a person holds the key of the pad; offer, start, reveal; the code is typed, confirmed, and the key of the pad is pressed; both keep the key; the pad begins a new session, which is secured.",
  );
};

const padFirst = (): RecordedExchange => {
  const it = new Exchange(202).begin();
  it.pad({ is: "asked" });
  it.wait(500);
  it.host({ is: "pair" });
  it.wait(200);
  it.pad({ is: "asked" });
  it.wait(200);
  it.host({ is: "typed", code: `${it.code.slice(0, 4)} ${it.code.slice(4)}` });
  it.wait(300);
  it.pad({ is: "pressed" });
  it.wait(500);
  it.expect("pad", "ready paired");
  return it.end(
    "a pairing that begins at the pad, with a second offer in the place of the first",
    "The offer comes before the PC asks, and is noted; the person holds the key once more while the code is shown; the code of the second offer is typed with a blank in it.",
  );
};

const wrongCode = (): RecordedExchange => {
  const it = new Exchange(203).begin();
  offer(it);
  it.host({ is: "typed", code: it.code.replace(/^./, (digit) => (digit === "1" ? "2" : "1")) });
  it.wait(200);
  it.expect("host", "failed wrong-code");
  it.expect("pad", "failed");
  offer(it);
  toTheEnd(it);
  it.expect("pad", "ready paired");
  return it.end(
    "a wrong code, and then the right one of a new offer",
    "One digit is wrong: the PC cancels, the pad shows nothing any more. They begin anew, and come to a key.",
  );
};

const givenUp = (): RecordedExchange => {
  const it = new Exchange(204).begin();
  offer(it);
  it.pad({ is: "cancelled" });
  it.wait(200);
  it.expect("host", "failed pad-gave-up");
  offer(it);
  it.host({ is: "giveUp" });
  it.wait(200);
  it.expect("pad", "failed");
  return it.end(
    "a pairing given up at the pad, and one given up at the PC",
    "pairingEnded with cancelled, and pairingCancel with cancelled; no key comes of either.",
  );
};

const cutBehindPress = (): RecordedExchange => {
  const it = new Exchange(205, { key: PAIRING_KEY }).begin();
  it.expect("host", "ready paired");
  offer(it);
  it.host({ is: "typed", code: it.code });
  it.wait(300);
  it.cable("out");
  it.pad({ is: "pressed" });
  it.wait(3200);
  it.cable("in");
  it.wait(1500);
  it.expect("host", "paired");
  return it.end(
    "a new pairing of a paired pad, whose cable is pulled as the pad keeps the key",
    "The pad has the new key and the PC has both. When the cable is back, the pad's proof tells which one holds: the new one.",
  );
};

const cutBeforeConfirm = (): RecordedExchange => {
  const it = new Exchange(206, { key: PAIRING_KEY }).begin();
  offer(it);
  it.cable("out");
  it.host({ is: "typed", code: it.code });
  it.wait(3200);
  it.cable("in");
  it.wait(1500);
  it.expect("host", "failed not-kept");
  it.say({ type: "identify", durationMs: 2000 });
  return it.end(
    "a new pairing of a paired pad, whose cable is pulled before the pad hears that the code was right",
    "The PC has kept the new key, the pad has not. When the cable is back, the pad proves the old one, which goes on to hold.",
  );
};

const unpaired = (): RecordedExchange => {
  const it = new Exchange(207, { key: PAIRING_KEY }).begin();
  it.host({ is: "unpair" });
  it.wait(800);
  it.expect("pad", "unpaired");
  it.expect("host", "ready unpaired");
  offer(it);
  toTheEnd(it);
  it.expect("pad", "ready paired");
  return it.end(
    "a pad is unpaired, and paired anew",
    "unpair with the id of the key; the pad erases it and begins a new session, in which it says that it has none; the PC forgets its own.",
  );
};

const notOffered = (): RecordedExchange => {
  const it = new Exchange(208).begin();
  it.say({ type: "pairingStart", publicKey: new Uint8Array(32).fill(9), nonce: new Uint8Array(16).fill(3) });
  it.expect("host", "notOffered");
  return it.end("a pairingStart that answers no offer", "The pad says pairingEnded (notOffered), and shows nothing.");
};

export const recordPairings = (): readonly RecordedExchange[] => [
  whole(),
  padFirst(),
  wrongCode(),
  givenUp(),
  cutBehindPress(),
  cutBeforeConfirm(),
  unpaired(),
  notOffered(),
];
