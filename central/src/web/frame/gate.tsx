import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { sessionEnded } from "../api/request.ts";
import { SESSION_KEY, useSession } from "../api/session.ts";
import { FailureNote } from "../elements/failure-note.tsx";
import { useWords } from "../words/use-words.ts";
import { ConsoleFrame } from "./console-frame.tsx";
import { DoorPage } from "./door-page.tsx";
import { LoginPage } from "./login-page.tsx";
import { PasswordForm } from "./password-form.tsx";
import { SessionContext } from "./viewer.ts";

/** Shows the console to who is signed in, to everybody else the way in. The address stays, so the page asked for opens afterwards. */
export const Gate = (): ReactNode => {
  const { t } = useWords();
  const queries = useQueryClient();
  const session = useSession();
  const [ended, setEnded] = useState(false);

  useEffect(() => {
    const end = (): void => {
      // Nobody was signed in here before.
      if (!queries.getQueryData(SESSION_KEY)) return;
      setEnded(true);
      queries.setQueryData(SESSION_KEY, null);
    };
    sessionEnded.addEventListener("WR7050", end);
    return () => sessionEnded.removeEventListener("WR7050", end);
  }, [queries]);

  if (session.isPending)
    return (
      <p className="door-waiting" role="status">
        {t("frame.loading")}
      </p>
    );
  if (session.data === undefined) {
    return (
      <DoorPage heading={t("login.heading")}>
        <FailureNote error={session.error} onAgain={() => void session.refetch()} />
      </DoorPage>
    );
  }
  if (session.data === null) return <LoginPage ended={ended} />;
  if (session.data.mustChangePassword) {
    return (
      <DoorPage heading={t("login.changeHeading")}>
        <p>{t("login.changeWhy")}</p>
        <PasswordForm />
      </DoorPage>
    );
  }
  return (
    <SessionContext value={session.data}>
      <ConsoleFrame />
    </SessionContext>
  );
};
