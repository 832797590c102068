/** People, API keys and the audit log: what administrators look after. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import type { Role } from './types';

const accountsKey = ['accounts'] as const;
const keysKey = ['keys'] as const;

export function useAccounts() {
  return useQuery({
    queryKey: accountsKey,
    queryFn: () => unwrap(client.GET('/api/v1/accounts')),
  });
}

export function useAddAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; name: string; role: Role; password: string }) =>
      settled(client.POST('/api/v1/accounts', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: accountsKey }),
  });
}

export function useChangePerson() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: { id: number; role?: Role; disabled?: boolean }) => {
      const { id, ...body } = input;
      return settled(
        client.PATCH('/api/v1/accounts/{account_id}', { params: { path: { account_id: id } }, body }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: accountsKey }),
  });
}

export function useKeys() {
  return useQuery({ queryKey: keysKey, queryFn: () => unwrap(client.GET('/api/v1/keys')) });
}

/** The answer's `key` is shown this once and never again. */
export function useAddKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; role: Role }) => unwrap(client.POST('/api/v1/keys', { body })),
    onSettled: () => queries.invalidateQueries({ queryKey: keysKey }),
  });
}

export function useRemoveKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      settled(client.DELETE('/api/v1/keys/{key_id}', { params: { path: { key_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: keysKey }),
  });
}

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) =>
      unwrap(
        client.GET('/api/v1/audit', { params: { query: pageParam === '' ? {} : { cursor: pageParam } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
}
