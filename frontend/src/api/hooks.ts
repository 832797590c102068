/** The address by which other systems start a rule. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import type { components } from './schema';

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

export type HookSignature = components['schemas']['HookSignature'];
type SetSignature = components['schemas']['SetSignature'];

/** The answer holds a secret that was made here, once. */
export function useSetSignature(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SetSignature) =>
      unwrap(
        client.PUT('/api/v1/rules/{rule_id}/hook/signature', {
          params: { path: { rule_id: ruleId } },
          body,
        }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: keyOf(ruleId) }),
  });
}

export function useRemoveSignature(ruleId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      settled(
        client.DELETE('/api/v1/rules/{rule_id}/hook/signature', { params: { path: { rule_id: ruleId } } }),
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: keyOf(ruleId) }),
  });
}
