/** Back-tests of a rule: what a draft would have done with the changes that are kept. The server performs nothing. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import type { Backtest, MatchKind } from './types';

const GOING: readonly Backtest['state'][] = ['queued', 'running'];
/** While one is on its way; the live stream says so too, and sooner. */
const EVERY_MS = 1_500;
const NEWEST = 10;

/** More changes than this are not judged: the newest are, and the screen says so. */
export const MOST = 200_000;

const keys = {
  of: (ruleId: number) => ['backtests', ruleId] as const,
  matches: (test: Backtest | null, kind: MatchKind) =>
    ['backtest-matches', test?.id ?? 0, kind, test?.state ?? ''] as const,
};

export function isGoing(test: Backtest): boolean {
  return GOING.includes(test.state);
}

/** The newest of a rule, with what they found so far. */
export function useBacktests(ruleId: number, enabled = true) {
  return useQuery({
    queryKey: keys.of(ruleId),
    queryFn: async () =>
      (
        await unwrap(
          client.GET('/api/v1/backtests', { params: { query: { rule_id: ruleId, limit: NEWEST } } }),
        )
      ).items,
    refetchInterval: (query) => (query.state.data?.some(isGoing) ? EVERY_MS : false),
    staleTime: 0,
    enabled,
  });
}

export function useStartBacktest(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (asked: { document: Readonly<Record<string, unknown>>; days: number }) =>
      unwrap(
        client.POST('/api/v1/backtests', {
          body: { rule_id: ruleId, document: { ...asked.document }, days: asked.days, most: MOST },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.of(ruleId) }),
  });
}

export function useCancelBacktest(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      settled(client.DELETE('/api/v1/backtests/{backtest_id}', { params: { path: { backtest_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.of(ruleId) }),
  });
}

/** The changes of one kind, newest first. */
export function useMatches(test: Backtest | null, kind: MatchKind, enabled: boolean) {
  return usePages(
    keys.matches(test, kind),
    (from) =>
      unwrap(
        client.GET('/api/v1/backtests/{backtest_id}/matches', {
          params: { path: { backtest_id: test?.id ?? 0 }, query: { kind, limit: 20, ...from } },
        }),
      ),
    { enabled: enabled && test !== null },
  );
}
