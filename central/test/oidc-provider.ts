import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** What we use of oidc-provider, which brings no types. */
interface ProviderClass {
  new (issuer: string, configuration: object): { callback(): RequestListener };
}

export const CLIENT = { id: "window-central", secret: "a secret of this test alone" };

/** A real OpenID Connect provider in this process, whose people are told by `people`: login → claims. */
export interface TestProvider {
  readonly issuer: string;
  readonly people: Map<string, Readonly<Record<string, unknown>> & { readonly sub: string }>;
  close(): Promise<void>;
}

/** @param redirectUri address to which the provider sends browsers back; it takes no other */
export const startProvider = async (redirectUri: () => string): Promise<TestProvider> => {
  // @ts-expect-error: the package has no types
  const { default: Provider } = (await import("oidc-provider")) as { default: ProviderClass };
  const people: TestProvider["people"] = new Map();
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri()],
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...key, use: "sig", alg: "ES256" }] },
    cookies: { keys: ["of this test alone"] },
    claims: { openid: ["sub"], profile: ["preferred_username", "name", "groups"] },
    findAccount: async (_context: unknown, id: string) => {
      const claims = people.get(id);
      return claims === undefined ? undefined : { accountId: claims.sub, claims: async () => claims };
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
  });
  listener = provider.callback();
  return {
    issuer,
    people,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** A browser that goes from address to address with the cookies of each host, and fills in the provider's own forms. */
export class RoamingBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();

  cookieFor(url: string): string {
    return [...(this.#cookies.get(new URL(url).host) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async go(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: this.cookieFor(url), ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }) },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    });
    const jar = this.#cookies.get(new URL(url).host) ?? new Map<string, string>();
    this.#cookies.set(new URL(url).host, jar);
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Signs in at the provider and consents. @returns the address with which the provider sends the browser back */
  async signInAt(provider: TestProvider, start: string, login: string): Promise<string> {
    let [url, form]: [string, Record<string, string> | undefined] = [start, undefined];
    for (let step = 0; step < 12; step++) {
      const response = await this.go(url, form);
      const place = response.headers.get("location");
      if (place !== null) {
        url = new URL(place, url).href;
        form = undefined;
        if (!url.startsWith(provider.issuer)) return url;
        continue;
      }
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (prompt === undefined) throw new Error(`the provider shows no form: ${page.slice(0, 500)}`);
      url = new URL(/<form[^>]* action="([^"]+)"/.exec(page)?.[1] ?? url, url).href;
      form = prompt === "login" ? { prompt, login, password: "any" } : { prompt };
    }
    throw new Error("the provider never sent the browser back");
  }
}
