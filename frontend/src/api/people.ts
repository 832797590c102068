/** People, API keys and the audit log: what administrators look after. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, settled, unwrap } from './client';
import { usePages } from './pages';
import type { NewAccount, Role } from './types';

const accountsKey = ['accounts'] as const;
const keysKey = ['keys'] as const;

export function useAccounts() {
  return usePages(accountsKey, (from) => unwrap(client.GET('/api/v1/accounts', { params: { query: from } })));
}

/** Names and addresses to choose a person by. */
export function usePeople(enabled: boolean) {
  return useQuery({
    queryKey: ['people'],
    queryFn: () => unwrap(client.GET('/api/v1/people')),
    enabled,
    staleTime: 60_000,
  });
}

export function useAddAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAccount) => settled(client.POST('/api/v1/accounts', { body })),
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
  return usePages(keysKey, (from) => unwrap(client.GET('/api/v1/keys', { params: { query: from } })));
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
  return usePages(['audit'], (from) => unwrap(client.GET('/api/v1/audit', { params: { query: from } })));
}
