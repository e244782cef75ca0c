import type { Person, Skill } from "./person.ts";
import type { Probe } from "./probe.ts";

export interface Bench {
  readonly probe: Probe;
  readonly person: Person;
  /** Whether the long form of an item is wanted. */
  readonly isLong: boolean;
  /** Id of a maker whose firmware the pad takes, 8 bytes; absent = not known. */
  readonly signer?: Uint8Array;
  /** Says something to whoever tries the pad. */
  tell(sentence: string): void;
  /** Opens and closes the line anew; for items that pull the cable. */
  reopen(): Promise<void>;
}

/** One line of the conformance checklist of SPEC.md. */
export interface Item {
  readonly id: string;
  readonly needs: readonly Skill[];
  /** Why the item cannot be tried on this pad or line; undefined = it can. */
  readonly unless?: (bench: Bench) => string | undefined;
  /** @throws Departure, with what the pad did instead */
  run(bench: Bench): Promise<void>;
}

/** How trying an item ended. */
export type Result =
  | { readonly is: "passed" }
  | { readonly is: "failed"; readonly why: string }
  | { readonly is: "left-out"; readonly why: string };

export type Outcome = Result & Pick<Item, "id"> & { readonly title: string };
