import type { AnswerOf } from "../../../../messages/requests.ts";
import { ActButton } from "../../elements/act-button.tsx";

/** What the parts of the page about the database share. */
export interface CareProps {
  readonly care: AnswerOf<"database.read">;
  readonly onBegun: () => void;
}

type BeginButtonProps = CareProps & Pick<Parameters<typeof ActButton>[0], "text" | "ask" | "isMain">;

/** A button that begins something, pressed while nothing is under way. */
export const BeginButton = ({ care, onBegun, ...act }: BeginButtonProps) => (
  <ActButton {...act} onDone={onBegun} isDisabled={care.underWay !== null} />
);
