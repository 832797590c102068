/** What the first-rule tour asks of the server: one change in the demo's data, and whether the rule ran. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { readRuns, runKeys } from './runs';
import type { components } from './schema';

export type MadeChange = components['schemas']['MadeChange'];

export function useDemoChange() {
  return useMutation({
    mutationFn: (what: 'callback' | 'new_lead') =>
      unwrap(client.POST('/api/v1/demo/changes', { body: { what } })),
  });
}

/** The newest run of a rule, asked for every second until there is one. */
export function useFirstRun(ruleId: number | null) {
  return useQuery({
    queryKey: [...runKeys.all, 'first', ruleId],
    queryFn: async () => (await readRuns({ rule_id: ruleId ?? 0 }, null, 1)).items[0] ?? null,
    enabled: ruleId !== null,
    refetchInterval: (query) => (query.state.data ? false : 1_000),
    staleTime: 0,
  });
}
