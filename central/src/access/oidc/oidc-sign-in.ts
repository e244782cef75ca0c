import { createHash, randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { CentralDatabase } from "../../database/tables.ts";
import { inTransaction } from "../../database/transaction.ts";
import { recordEvent } from "../events.ts";
import { type Caller, startSession } from "../sessions.ts";
import { accountOf, type Claims } from "./oidc-account.ts";
import type { OidcSettings } from "./oidc-file.ts";

export const OIDC_CALLBACK = "/console/v1/oidc/callback";
/** How long somebody may take at the provider. */
export const OIDC_TRY_MS = 10 * 60_000;

const TIMEOUT_SECONDS = 10;
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Where a browser is sent, and the token by which it is known again when it comes back. */
export interface OidcStart {
  readonly url: string;
  readonly browserToken: string;
}

/**
 * Signing in with the organisation's own accounts: OpenID Connect, authorization code with PKCE, state and nonce. What belongs to a try
 * lies in the database, so that it may begin at one instance and end at another; it is good once, for one browser, for ten minutes.
 */
export class OidcSignIn {
  readonly settings: OidcSettings;
  readonly #db: CentralDatabase;
  readonly #now: () => number;
  #provider: Promise<Configuration> | undefined;

  constructor(settings: OidcSettings, db: CentralDatabase, now: () => number) {
    this.settings = settings;
    this.#db = db;
    this.#now = now;
  }

  /** @throws WindowRatingError WR7061 if the provider does not answer */
  async start(): Promise<OidcStart> {
    const provider = await this.#discovered();
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const browserToken = randomBytes(32).toString("base64url");
    const nowMs = this.#now();
    await inTransaction(this.#db, async (tx) => {
      await tx.deleteFrom("oidc_tries").where("ends_at_ms", "<", nowMs).execute();
      const row = { state_hash: hashOf(state), browser_hash: hashOf(browserToken), nonce, verifier, ends_at_ms: nowMs + OIDC_TRY_MS };
      await tx.insertInto("oidc_tries").values(row).execute();
    });
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: `${this.settings.publicUrl}${OIDC_CALLBACK}`,
      scope: this.settings.scopes.join(" "),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, browserToken };
  }

  /**
   * Ends a try with what the provider sent back. @returns the token of a session
   * @param query of the address to which the browser came back, with its question mark
   * @throws WindowRatingError WR7061 the provider said no, or this is not the browser or the time; WR7062 there is no account
   */
  async finish(query: string, browserToken: string | undefined, caller: Caller): Promise<string> {
    const state = new URLSearchParams(query).get("state") ?? "";
    const begun = await this.#db
      .deleteFrom("oidc_tries")
      .where("state_hash", "=", hashOf(state))
      .where("browser_hash", "=", hashOf(browserToken ?? ""))
      .where("ends_at_ms", ">", this.#now())
      .returning(["nonce", "verifier"])
      .executeTakeFirst();
    if (begun === undefined)
      throw new WindowRatingError("WR7061", "This sign-in was not begun in this browser, was finished before, or took too long");
    const claims = await this.#claims(query, state, begun);
    const nowMs = this.#now();
    try {
      return await inTransaction(this.#db, async (tx) => {
        const account = await accountOf(tx, this.settings, claims, nowMs);
        return startSession(tx, account, "oidc", caller, nowMs);
      });
    } catch (error) {
      if (error instanceof WindowRatingError && error.code === "WR7062") {
        const refused = { kind: "refused-sign-in", address: caller.address, detail: error.detail } as const;
        await inTransaction(this.#db, (tx) => recordEvent(tx, refused, nowMs));
      }
      throw error;
    }
  }

  async #claims(query: string, state: string, { nonce, verifier }: { readonly nonce: string; readonly verifier: string }): Promise<Claims> {
    const provider = await this.#discovered();
    try {
      // The address by which the provider knows this central, whatever a proxy in front of it is called.
      const url = new URL(`${this.settings.publicUrl}${OIDC_CALLBACK}${query}`);
      const tokens = await authorizationCodeGrant(provider, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error("the provider sent no ID token");
      const wanted = [this.settings.claim, ...this.settings.create.map(({ claim }) => claim)];
      if (wanted.every((claim) => claims[claim] !== undefined)) return claims;
      return { ...(await fetchUserInfo(provider, tokens.access_token, claims.sub)), ...claims };
    } catch (error) {
      throw new WindowRatingError(
        "WR7061",
        `The provider did not confirm it: ${error instanceof Error ? error.message : String(error)}`,
        error,
      );
    }
  }

  /** Looked up at the first use, and again after a failure: central starts and runs without its provider. */
  async #discovered(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const isPlain = issuer.startsWith("http:");
    this.#provider ??= discovery(
      new URL(issuer),
      clientId,
      undefined,
      clientSecret === undefined ? None() : ClientSecretBasic(clientSecret),
      { timeout: TIMEOUT_SECONDS, execute: isPlain ? [allowInsecureRequests] : [] },
    );
    try {
      return await this.#provider;
    } catch (error) {
      this.#provider = undefined;
      throw new WindowRatingError("WR7061", `The provider ${issuer} does not answer`, error);
    }
  }
}
