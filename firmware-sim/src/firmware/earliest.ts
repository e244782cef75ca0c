/** The first of some times; undefined if there is none. */
export const earliest = (...times: readonly (number | undefined)[]): number | undefined => {
  let first: number | undefined;
  for (const time of times) if (time !== undefined && (first === undefined || time < first)) first = time;
  return first;
};
