import { createContext, useContext } from "react";
import type { SessionAnswer } from "../../access/session-schema.ts";
import type { Permission } from "../../access/viewer.ts";

export const SessionContext = createContext<SessionAnswer | undefined>(undefined);

/** Whoever is signed in. Only within the frame, which nobody sees before. */
export const useSessionAnswer = (): SessionAnswer => {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("A page is shown outside the frame");
  return session;
};

export const useMay = (permission: Permission): boolean => useSessionAnswer().permissions.includes(permission);
