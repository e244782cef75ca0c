import type { ReactNode } from "react";

export type Fact = readonly [name: string, value: ReactNode];

/** Names and values, side by side. What is null or undefined is left out. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): ReactNode => (
  <dl className="facts">
    {facts
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

/** Remarks without a name. What is null is left out; without any there is no list. */
export const Remarks = ({ remarks }: { readonly remarks: readonly (readonly [key: string, remark: ReactNode])[] }): ReactNode => {
  const there = remarks.filter(([, remark]) => remark !== null);
  if (there.length === 0) return null;
  return (
    <ul className="remarks">
      {there.map(([key, remark]) => (
        <li key={key}>{remark}</li>
      ))}
    </ul>
  );
};
