/** Runs: the list and what can be done to them. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
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

/** How many runs of a rule wait now, counted to 100. */
export function useWaitingCount(ruleId: number) {
  return useQuery({
    queryKey: [...runKeys.all, 'waiting', ruleId],
    queryFn: async () => (await readRuns({ rule_id: ruleId, state: 'waiting' }, null, 100)).items.length,
    staleTime: 0,
    gcTime: 0,
  });
}

/** The runs that came of one first run, this one among them; looked at again while some go on. */
export function useCascade(id: number) {
  return useQuery({
    queryKey: [...runKeys.one(id), 'cascade'],
    queryFn: () => unwrap(client.GET('/api/v1/runs/{run_id}/cascade', { params: { path: { run_id: id } } })),
  });
}
