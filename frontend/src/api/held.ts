/** Held runs of a rule: what waits for somebody's word, and that word. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './schema';

export type HeldRuns = components['schemas']['HeldRuns'];
export type HeldChoice = 'release' | 'cancel' | 'recall';

const held = (ruleId: number) => ['rules', 'held', ruleId] as const;

/** Looked at every second while a decision is carried out, every few while runs are held. */
export function useHeld(ruleId: number) {
  return useQuery({
    queryKey: held(ruleId),
    queryFn: () =>
      unwrap(client.GET('/api/v1/rules/{rule_id}/held', { params: { path: { rule_id: ruleId } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.work?.state === 'running' ? 1_000 : data && data.held > 0 ? 3_000 : false,
  });
}

export function useDecideHeld(ruleId: number) {
  const queries = useQueryClient();
  const params = { path: { rule_id: ruleId } };
  return useMutation({
    mutationFn: ({ choice, count }: { choice: HeldChoice; count: number }) => {
      if (choice === 'recall') return unwrap(client.POST('/api/v1/rules/{rule_id}/held/recall', { params }));
      return choice === 'release'
        ? unwrap(client.POST('/api/v1/rules/{rule_id}/held/release', { params, body: { count } }))
        : unwrap(client.POST('/api/v1/rules/{rule_id}/held/cancel', { params, body: { count } }));
    },
    onSuccess: (now) => queries.setQueryData(held(ruleId), now),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['rules'] });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
}
