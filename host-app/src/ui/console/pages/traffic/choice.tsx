interface ChoiceProps {
  readonly label: string;
  /** How no choice is called. */
  readonly all: string;
  readonly value: string | null;
  readonly choices: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string | null) => void;
}

/** One of several, or all: the browser's own list, which every keyboard knows. */
export const Choice = ({ label, all, value, choices, onChange }: ChoiceProps) => (
  <label className="choice">
    {label}
    <select value={value ?? ""} onChange={({ target }) => onChange(target.value === "" ? null : target.value)}>
      <option value="">{all}</option>
      {choices.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  </label>
);
