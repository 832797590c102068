/** The address by which other systems start a rule. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';

const keyOf = (ruleId: number) => ['hook', ruleId];

/** Read again while it is looked at: the request that one waits for is there by itself. */
export function useHook(ruleId: number) {
  return useQuery({
    queryKey: keyOf(ruleId),
    queryFn: () =>
      unwrap(client.GET('/api/v1/rules/{rule_id}/hook', { params: { path: { rule_id: ruleId } } })),
    refetchInterval: 5_000,
  });
}

export function useRenewHook(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/rules/{rule_id}/hook/renew', { params: { path: { rule_id: ruleId } } })),
    onSuccess: (hook) => queries.setQueryData(keyOf(ruleId), hook),
  });
}
