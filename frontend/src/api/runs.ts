/** Runs: the list and what can be done to them. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './schema';
import type { RunFilter, RunPage } from './types';

export const runKeys = {
  all: ['runs'] as const,
  list: (filter: RunFilter) => ['runs', 'list', filter] as const,
  one: (id: number) => ['runs', 'one', id] as const,
};

export function readRuns(filter: RunFilter, cursor: string | null, limit = 25): Promise<RunPage> {
  const query = { ...filter, limit, ...(cursor === null ? {} : { cursor }) };
  return unwrap(client.GET('/api/v1/runs', { params: { query } }));
}

/** Pages of runs, newest first. Not read anew by itself: arrivals wait behind a button. */
export function useRuns(filter: RunFilter) {
  return useInfiniteQuery({
    queryKey: runKeys.list(filter),
    queryFn: ({ pageParam }) => readRuns(filter, pageParam),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    refetchOnWindowFocus: false,
  });
}

/** The newest runs of one rule, few of them. */
export function useRecentRuns(ruleId: number, enabled: boolean) {
  return useQuery({
    queryKey: [...runKeys.all, 'recent', ruleId],
    queryFn: () => readRuns({ rule_id: ruleId }, null),
    enabled,
    staleTime: 5_000,
  });
}

/** Reads one run when somebody chooses it. */
export function useReadRun() {
  const queries = useQueryClient();
  return (id: number) =>
    queries.fetchQuery({
      queryKey: runKeys.one(id),
      queryFn: () => unwrap(client.GET('/api/v1/runs/{run_id}', { params: { path: { run_id: id } } })),
    });
}

function firstPage(): string | null {
  return null;
}

export function useRetryRuns() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: number[]) => unwrap(client.POST('/api/v1/runs/retry', { body: { ids } })),
    onSettled: () => queries.invalidateQueries({ queryKey: runKeys.all }),
  });
}

export type RetryFilter = components['schemas']['Filter'];

/** Every failed run that a list shows, as the retry of many wants it. */
function retryFilter(filter: RunFilter): RetryFilter {
  return {
    rule_id: filter.rule_id ?? null,
    table: filter.table ?? null,
    key: filter.key ?? null,
    since: filter.from ?? null,
  };
}

/** What a retry of all that failed would do; never from a cache. */
export function useRetryPreview(filter: RunFilter) {
  return useQuery({
    queryKey: [...runKeys.all, 'retry', filter],
    queryFn: () => unwrap(client.POST('/api/v1/runs/retries/preview', { body: retryFilter(filter) })),
    staleTime: 0,
    gcTime: 0,
  });
}

export function useStartRetry(filter: RunFilter) {
  return useMutation({
    mutationFn: (seen: { count: number; upto_id: number }) =>
      unwrap(
        client.POST('/api/v1/runs/retries', {
          body: { filter: retryFilter(filter), count: seen.count, upto_id: seen.upto_id },
        }),
      ),
  });
}

/** How far a retry of many is: asked every second while it goes on. */
export function useRetryProgress(id: number | null) {
  return useQuery({
    queryKey: [...runKeys.all, 'retry', id],
    queryFn: () =>
      unwrap(client.GET('/api/v1/runs/retries/{retry_id}', { params: { path: { retry_id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === 'running' || !query.state.data ? 1000 : false),
  });
}

export function useStopRetry() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(client.POST('/api/v1/runs/retries/{retry_id}/stop', { params: { path: { retry_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: runKeys.all }),
  });
}

export type Settling = 'arrived' | 'resend';

/** Somebody says whether a message arrived of which nobody knows. */
export function useSettleRun(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (choice: Settling) =>
      unwrap(
        client.POST('/api/v1/runs/{run_id}/settle', { params: { path: { run_id: id } }, body: { choice } }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: runKeys.all }),
  });
}

/** Outside systems that do not answer, and how many runs wait for each. */
export function useAway() {
  return useQuery({
    queryKey: [...runKeys.all, 'away'],
    queryFn: async () => (await unwrap(client.GET('/api/v1/runs/away'))).items,
    refetchInterval: 10_000,
  });
}

/** The runs that came of one first run, this one among them; looked at again while some go on. */
export function useCascade(id: number) {
  return useQuery({
    queryKey: [...runKeys.one(id), 'cascade'],
    queryFn: () => unwrap(client.GET('/api/v1/runs/{run_id}/cascade', { params: { path: { run_id: id } } })),
  });
}

/** The item runs of one list, in its order; read anew while the run goes on. */
export function useRunItems(id: number, node: string, failed: boolean, going: boolean) {
  return useInfiniteQuery({
    queryKey: [...runKeys.one(id), 'items', node, failed],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/runs/{run_id}/items', {
          params: {
            path: { run_id: id },
            query: {
              node,
              limit: 25,
              ...(failed ? { state: 'failed' } : {}),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    // What was read a moment before the last item ended is read once more.
    refetchInterval: ({ state: { data } }) => (going || anyGoing(data?.pages ?? []) ? 2_000 : false),
  });
}

export const GOING: readonly string[] = ['queued', 'running', 'waiting'];

/** Does a page show a run that has not ended? */
export function anyGoing(
  pages: readonly { readonly items: readonly { readonly state: string }[] }[],
): boolean {
  return pages.some((page) => page.items.some((run) => GOING.includes(run.state)));
}

/** Tries the failed items of a list again. */
export function useRetryItems(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (node: string) =>
      unwrap(
        client.POST('/api/v1/runs/{run_id}/items/retry', {
          params: { path: { run_id: id } },
          body: { node },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: runKeys.all }),
  });
}
