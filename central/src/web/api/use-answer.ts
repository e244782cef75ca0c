import { keepPreviousData, type UseInfiniteQueryResult, type UseQueryResult, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { RouteAnswer, RouteName } from "../../console/contract/routes.ts";
import { type CallOf, call } from "./call.ts";

export interface AnswerOptions {
  readonly enabled?: boolean;
  /** Asked again after so long, while the page is looked at. */
  readonly everyMs?: number;
}

/** The answer of a route; while other filters are asked the former answer stays, so nothing jumps. */
export const useAnswer = <N extends RouteName>(
  name: N,
  given: CallOf<N>,
  { enabled = true, everyMs }: AnswerOptions = {},
): UseQueryResult<RouteAnswer<N>> =>
  useQuery({
    queryKey: [name, given],
    queryFn: ({ signal }) => call(name, given, { signal }),
    placeholderData: keepPreviousData,
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  }) as UseQueryResult<RouteAnswer<N>>;

type Paged = { [N in RouteName]: RouteAnswer<N> extends { next: string | null } ? N : never }[RouteName];

/** A list that is read page by page, newest first. */
export const usePages = <N extends Paged>(name: N, query: object, enabled = true): UseInfiniteQueryResult<{ pages: RouteAnswer<N>[] }> =>
  useInfiniteQuery({
    queryKey: [name, query],
    queryFn: ({ signal, pageParam }) => call(name, { query: { ...query, after: pageParam } } as unknown as CallOf<N>, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => (page as { next: string | null }).next,
    placeholderData: keepPreviousData,
    enabled,
  }) as unknown as UseInfiniteQueryResult<{ pages: RouteAnswer<N>[] }>;
