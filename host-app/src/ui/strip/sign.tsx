import type { Tone } from "./line.ts";

/** Three shapes as of road signs: a disc, a triangle, an octagon; known apart without colour. */
const SHAPES: Readonly<Record<Tone, { readonly outline: string; readonly mark: string }>> = {
  good: { outline: "M16 2a14 14 0 1 0 0 28 14 14 0 0 0 0-28z", mark: "m9 16.5 5 5 9-10" },
  look: { outline: "M16 2.5 31 29H1z", mark: "M16 11.5v9M16 24.2v1.6" },
  stop: { outline: "M10 2h12l8 8v12l-8 8H10l-8-8V10z", mark: "m10.5 10.5 11 11m0-11-11 11" },
};

export const Sign = ({ tone }: { tone: Tone }) => (
  <svg className="sign" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path className="outline" d={SHAPES[tone].outline} />
    <path className="mark" d={SHAPES[tone].mark} />
  </svg>
);
