/** The word that a wrong one was most likely meant to be, or undefined if none is close. Case and separators do not count. */
export const nearest = (wrong: string, valid: Iterable<string>): string | undefined => {
  const sought = plain(wrong);
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of valid) {
    const distance = distanceOf(sought, plain(word));
    if (best === undefined || distance < best.distance) best = { word, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, sought.length / 3) ? best.word : undefined;
};

const plain = (word: string): string =>
  word
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/** Levenshtein distance: how many letters to put in, take out or change. */
const distanceOf = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
};
