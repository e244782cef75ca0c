/** A moment as this PC's people read it: day and minute. */
export const timeOf = (ms: number): string => {
  const at = new Date(ms);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
};
