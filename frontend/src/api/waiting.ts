/** Runs of a rule that wait for their turn: by its pace, its quiet, its lists, its hours; and what becomes of them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './schema';

export type WaitingRuns = components['schemas']['WaitingRuns'];
export type RunInTurn = components['schemas']['RunInTurn'];
export type WaitingChoice = 'release' | 'cancel';

const waiting = (ruleId: number) => ['rules', 'waiting', ruleId] as const;

/** Looked at every second while a decision is carried out, every few while anything waits. */
export function useWaiting(ruleId: number) {
  return useQuery({
    queryKey: waiting(ruleId),
    queryFn: () =>
      unwrap(client.GET('/api/v1/rules/{rule_id}/waiting', { params: { path: { rule_id: ruleId } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.work?.state === 'running' ? 1_000 : data && data.count > 0 ? 3_000 : 10_000,
  });
}

/** Of all that wait, or of some. */
export function useDecideWaiting(ruleId: number) {
  const queries = useQueryClient();
  const params = { path: { rule_id: ruleId } };
  return useMutation({
    mutationFn: ({ choice, count, runs }: { choice: WaitingChoice; count: number; runs: number[] }) => {
      const body = { count: Math.max(1, count), runs };
      return choice === 'release'
        ? unwrap(client.POST('/api/v1/rules/{rule_id}/waiting/release', { params, body }))
        : unwrap(client.POST('/api/v1/rules/{rule_id}/waiting/cancel', { params, body }));
    },
    onSuccess: (now) => queries.setQueryData(waiting(ruleId), now),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: waiting(ruleId) });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
}
