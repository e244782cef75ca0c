import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type SessionAnswer, sessionSchema, signInSchema } from "../../access/session-schema.ts";
import { codeOf } from "./failure.ts";
import { ask, send } from "./request.ts";

export const SESSION_KEY = ["session"] as const;

/** Who is signed in; null: nobody. */
export const useSession = (): UseQueryResult<SessionAnswer | null> =>
  useQuery({
    queryKey: SESSION_KEY,
    queryFn: async ({ signal }) => {
      try {
        return await ask(sessionSchema, "/session", { signal });
      } catch (error) {
        if (codeOf(error) === "WR7050") return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const useSignInOffer = (): UseQueryResult<z.infer<typeof signInSchema>> =>
  useQuery({ queryKey: ["sign-in"], queryFn: ({ signal }) => ask(signInSchema, "/sign-in", { signal }), staleTime: 600_000 });

export const signIn = (name: string, password: string): Promise<SessionAnswer> =>
  ask(sessionSchema, "/session", { method: "POST", body: { name, password } });

export const signOut = async (): Promise<void> => {
  await send("/session", { method: "DELETE" });
};

export const changePassword = (old: string, next: string): Promise<SessionAnswer> =>
  ask(sessionSchema, "/password", { method: "POST", body: { old, new: next } });
