import { CONSOLE_ROUTES, type RouteAnswer, type RouteCall, type RouteJson, type RouteName } from "../../console/contract/routes.ts";
import { ask, readAnswer, send } from "./request.ts";

type Values = Readonly<Record<string, unknown>>;
/** Only what a route of the contract asks for. */
type Given<N extends RouteName> = (RouteCall<N>["params"] extends undefined ? object : { readonly params: RouteCall<N>["params"] }) &
  (RouteCall<N>["query"] extends undefined ? object : { readonly query?: Filled<RouteCall<N>["query"]> });
/** Filters as a form leaves them: what is empty is not asked. */
type Filled<Q> = { readonly [K in keyof Q]?: Q[K] | "" | undefined };
export type CallOf<N extends RouteName> = Given<N>;

/** The address of a route: values of the path escaped, empty filters left out. */
export const addressOf = (path: string, params: Values = {}, query: Values = {}): string => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") asked.set(name, String(value));
  const text = asked.toString();
  return text === "" ? filled : `${filled}?${text}`;
};

const addressFor = <N extends RouteName>(name: N, given: Given<N>): string => {
  const { params, query } = given as { params?: Values; query?: Values };
  return addressOf(CONSOLE_ROUTES[name].path, params, query);
};

/** Asks central one of the console's routes; method, path and the schema of the answer come from the contract. */
export const call = <N extends RouteName>(
  name: N,
  given: Given<N>,
  { signal, file, json }: { signal?: AbortSignal; file?: Blob; json?: RouteJson<N> } = {},
): Promise<RouteAnswer<N>> => {
  const { method, answer } = CONSOLE_ROUTES[name];
  return ask(answer, addressFor(name, given), { method, signal, body: file ?? json }) as Promise<RouteAnswer<N>>;
};

/** Address of a route's stream of events, for an EventSource. */
export const streamAddress = <N extends RouteName>(name: N, given: Given<N>, prefix: string): string =>
  `${prefix}${addressFor(name, given)}`;

/** Reads an answer of lines as they come; each is held against the route's schema. */
export async function* callLines<N extends RouteName>(name: N, given: Given<N>, signal: AbortSignal): AsyncGenerator<RouteAnswer<N>> {
  const { method, answer } = CONSOLE_ROUTES[name];
  const response = await send(addressFor(name, given), { method, signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield readAnswer(answer, JSON.parse(line), name) as RouteAnswer<N>;
  }
}
