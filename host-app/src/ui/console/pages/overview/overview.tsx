import { useCallback } from "react";
import { Answered } from "../../elements/answered.tsx";
import { Facts } from "../../elements/facts.tsx";
import { Page } from "../../elements/page.tsx";
import { useAsked } from "../../elements/use-asked.ts";
import { useModel } from "../../elements/use-model.ts";

const EVERY_MS = 3000;

/** How this PC stands, at one look. */
export const Overview = () => {
  const model = useModel();
  const asked = useAsked(
    useCallback(() => model.ask("status.read", {}), [model]),
    EVERY_MS,
  );
  return (
    <Page name="overview">
      <Answered asked={asked}>{({ queue }) => <Facts facts={[["queue", queue.waiting]]} />}</Answered>
    </Page>
  );
};
