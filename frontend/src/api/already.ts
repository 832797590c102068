/** Records that already match a rule: how many, and the catch-ups that run it for them. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client, unwrap } from './client';
import type { components } from './schema';

export type Matching = components['schemas']['Matching'];
export type CatchUp = components['schemas']['CatchUp'];

/** Counting ends here: more than so many found, or so many looked at. */
export const FOUND_MOST = 10_000;
const LOOKED_MOST = 200_000;
const SAMPLE = 5;
const EVERY_MS = 1_000;

/** What is known so far. `more`: counting ended before the table did. */
export interface Counted {
  readonly whyNot: Matching['why_not'];
  readonly table: string;
  /** The rule goes by a date, and these are the records whose moment has passed. */
  readonly passed: boolean;
  readonly about: number | null;
  readonly looked: number;
  readonly found: number;
  readonly ranBefore: number;
  readonly undecided: number;
  readonly sample: readonly string[];
  readonly going: boolean;
  readonly more: boolean;
}

function sum(pages: readonly Matching[], going: boolean): Counted | null {
  const [first] = pages;
  const last = pages.at(-1);
  if (!first || !last) return null;
  const add = (of: (page: Matching) => number) => pages.reduce((total, page) => total + of(page), 0);
  return {
    whyNot: first.why_not,
    table: first.table ?? '',
    passed: first.passed ?? false,
    about: last.about ?? null,
    looked: add((page) => page.looked ?? 0),
    found: add((page) => page.found ?? 0),
    ranBefore: add((page) => page.ran_before ?? 0),
    undecided: add((page) => page.undecided ?? 0),
    sample: pages
      .flatMap((page) => page.sample ?? [])
      .slice(0, SAMPLE)
      .map(({ label, record_key }) => (label === '' ? record_key : label)),
    going,
    more: !going && (last.next ?? null) !== null,
  };
}

/**
 * Counts stretch by stretch while somebody looks. `version` null counts by the draft; `of` says which draft, so that
 * another one is counted anew. Null while nothing is known.
 */
export function useMatching(ruleId: number, version: number | null, of: string, enabled: boolean) {
  const pages = useInfiniteQuery({
    queryKey: ['matching', ruleId, version, of],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/matching', {
          params: {
            path: { rule_id: ruleId },
            query: {
              ...(version === null ? {} : { version }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last, all) => {
      const known = sum(all, true);
      const enough = (known?.found ?? 0) > FOUND_MOST || (known?.looked ?? 0) >= LOOKED_MOST;
      return enough ? null : last.next;
    },
    enabled,
    retry: 1,
    staleTime: 30_000,
    gcTime: 30_000,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  useEffect(() => {
    if (enabled && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [enabled, hasNextPage, isFetching, isError, fetchNextPage]);
  const going = !isError && (pages.isPending || hasNextPage);
  return {
    counted: sum(pages.data?.pages ?? [], going),
    failed: isError,
    again: () => void (pages.data ? fetchNextPage() : pages.refetch()),
  };
}

/** Those that go on, and those that ended within a day, the newest first; of one rule, or of all. */
export function useCatchUps(ruleId: number | null = null) {
  return useQuery({
    queryKey: ['catch-ups', ruleId],
    queryFn: async () =>
      (
        await unwrap(
          client.GET('/api/v1/catch-ups', {
            params: { query: ruleId === null ? {} : { rule_id: ruleId } },
          }),
        )
      ).items,
    refetchInterval: ({ state: { data } }) =>
      data?.some((one) => one.state === 'running') ? EVERY_MS : false,
  });
}

export function useStopCatchUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(client.POST('/api/v1/catch-ups/{catch_up_id}/stop', { params: { path: { catch_up_id: id } } })),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['catch-ups'] });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
}
