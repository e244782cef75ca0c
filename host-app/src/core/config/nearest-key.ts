/** The valid key that a wrong one was most likely meant to be, or undefined if none is close. Case and separators do not count. */
export const nearestKey = (wrong: string, valid: readonly string[]): string | undefined => {
  const plain = (key: string): string =>
    key
      .toLowerCase()
      .replace(/[^a-z0-9]/g, "")
      .slice(0, 64);
  const sought = plain(wrong);
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const key of valid) {
    // Its last part alone counts too: `timeoutSeconds` is meant for `rating.timeoutSeconds`.
    const last = key.slice(key.lastIndexOf(".") + 1);
    const distance = Math.min(distanceOf(sought, plain(key)), distanceOf(sought, plain(last)) + 1);
    if (best === undefined || distance < best.distance) best = { key, distance };
  }
  return best !== undefined && best.distance <= Math.max(2, sought.length / 2) ? best.key : undefined;
};

/** Levenshtein distance. */
const distanceOf = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[other.length] as number;
};
