import { WindowRatingError } from "@window-rating/protocol/error";
import { CAPABILITIES, type HelloAnswer, type Trust } from "@window-rating/protocol/pad";

/** Whether pads that are not paired are used: the setting pad.unpaired. */
export type UnpairedPads = "refuse" | "admit";

/** Why nothing but a pairing goes over a session; undefined if its pad is used. */
export const distrustOf = (
  { model, serialNumber, capabilities }: HelloAnswer,
  trust: Trust,
  unpaired: UnpairedPads,
): WindowRatingError | undefined => {
  const pad = `pad ${model} ${serialNumber}`;
  switch (trust) {
    case "paired":
      return undefined;
    case "unpaired": {
      if (unpaired === "admit") return undefined;
      const canBe = (capabilities & CAPABILITIES.pairing) !== 0;
      return new WindowRatingError("WR1011", `${pad} ${canBe ? "is not paired" : "cannot be paired"}, and pad.unpaired is refuse`);
    }
    case "key-missing-here":
      return new WindowRatingError("WR1012", `${pad} is paired, and this window PC has no key of it`);
    case "key-missing-there":
      return new WindowRatingError("WR1013", `${pad} says that it is not paired, and this window PC has a key of it`);
    case "proof-wrong":
      return new WindowRatingError("WR1014", `what says to be ${pad} does not have its key`);
  }
};
