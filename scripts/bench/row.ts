/** One measured number beside its baseline of the same run: machines differ, ratios less. */
export interface BenchRow {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  /** What `value` is held against, in words. */
  readonly against: string;
  readonly baseline: number;
  readonly ratio: number;
  /** What must be reached, in words. */
  readonly must: string;
  readonly ok: boolean;
}

/** The value at a share of the sorted samples, for instance 0.99. */
export const quantile = (samples: readonly number[], share: number): number => {
  const sorted = [...samples].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

const round = (value: number, digits = 3): number => Number(value.toPrecision(digits));

/** A row whose ratio to the baseline is bounded. */
export const ratioRow = (
  row: Pick<BenchRow, "what" | "unit" | "value" | "against" | "baseline">,
  bound: { readonly atLeast: number } | { readonly atMost: number },
): BenchRow => {
  const ratio = row.value / row.baseline;
  const [must, ok] = "atLeast" in bound ? [`≥ ${bound.atLeast} ×`, ratio >= bound.atLeast] : [`≤ ${bound.atMost} ×`, ratio <= bound.atMost];
  return { ...row, value: round(row.value), baseline: round(row.baseline), ratio: round(ratio), must, ok };
};

/** A row whose value itself is bounded; the baseline shows what the machine is worth. */
export const valueRow = (
  row: Pick<BenchRow, "what" | "unit" | "value" | "against" | "baseline">,
  bound: { readonly atLeast: number } | { readonly atMost: number },
): BenchRow => {
  const [must, ok] =
    "atLeast" in bound
      ? [`≥ ${bound.atLeast} ${row.unit}`, row.value >= bound.atLeast]
      : [`≤ ${bound.atMost} ${row.unit}`, row.value <= bound.atMost];
  return { ...row, value: round(row.value), baseline: round(row.baseline), ratio: round(row.value / row.baseline), must, ok };
};
